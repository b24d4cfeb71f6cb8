import Canvas
import FlowReading
import Responsibility

/// A summary as tables, for people.
struct SummaryTable {
    /// Above so many buckets only the most uneven are shown.
    private static let shownBuckets = 64

    private let report: SummaryReport

    init(_ report: SummaryReport) { self.report = report }

    var text: String {
        SummaryHead(report).text + bucketTable + nodeTable + unevenLine + sourceTable + comparison
    }

    private var bucketTable: String {
        var table = TextTable(
            [
                ("BUCKET", .right), ("OWNER", .left), (report.unit.uppercased(), .right), ("SHARE", .right),
            ] + Self.counts(report))
        let shown = report.buckets.count <= Self.shownBuckets ? report.buckets : report.uneven(20)
        for bucket in shown { table.add(row(String(bucket.number), bucket.owner ?? "-", bucket.count)) }
        let note =
            shown.count < report.buckets.count
            ? "the \(shown.count) most uneven of \(report.buckets.count) buckets; csv and json have all\n" : ""
        return "\n" + note + table.text
    }

    private func row(_ name: String, _ second: String, _ count: BucketCount) -> [String] {
        [
            name, second, String(count.records), Decimals.percent(count.records, of: report.total.records),
            String(count.flows),
        ] + (Self.countsPackets(report) ? [String(count.packets)] : [])
            + (report.countsBytes ? [String(count.bytes)] : [])
    }

    /// Packets have a column of their own where lines count them.
    private static func countsPackets(_ report: SummaryReport) -> Bool {
        report.capture == nil && report.total.packets > 0
    }

    private static func counts(_ report: SummaryReport) -> [(title: String, alignment: TextTable.Alignment)] {
        let packets: [(title: String, alignment: TextTable.Alignment)] =
            countsPackets(report) ? [("PACKETS", .right)] : []
        return [("FLOWS", .right)] + packets + (report.countsBytes ? [("BYTES", .right)] : [])
    }

    private var nodeTable: String {
        guard !report.nodes.isEmpty else { return "" }
        var table = TextTable(
            [
                ("NODE", .left), ("BUCKETS", .right), (report.unit.uppercased(), .right), ("SHARE", .right),
            ] + Self.counts(report))
        for node in report.nodes { table.add(row(node.name, String(node.buckets), node.count)) }
        return "\n" + table.text
    }

    private var unevenLine: String {
        let uneven = report.uneven(5)
        guard !uneven.isEmpty else { return "" }
        return "\nmost uneven: "
            + uneven.map { "bucket \($0.number) \(Decimals.decimal(report.unevenness(of: $0), digits: 2))×" }
            .joined(separator: ", ") + " the mean\n"
    }

    private var sourceTable: String {
        // Sources that occurred once say nothing.
        let sources = report.sources.top(10).filter { $0.count > 1 }
        guard !sources.isEmpty else { return "" }
        var table = TextTable([("HEAVY SOURCE", .left), (report.unit.uppercased(), .right), ("SHARE", .right)])
        for source in sources {
            table.add([
                "\(source.source)", String(source.count), Decimals.percent(source.count, of: report.total.records),
            ])
        }
        let slack = report.sources.slack
        return "\n" + table.text + (slack == 0 ? "" : "each may have up to \(slack) more\n")
    }

    /// How many flows would move, and from where to where; empty when nothing is compared.
    var comparison: String {
        guard let comparison = report.comparison else { return "" }
        var table = TextTable([("FROM", .left), ("TO", .left), ("FLOWS", .right), ("SHARE", .right)])
        for move in comparison.moves.prefix(20) {
            table.add([move.from, move.to, String(move.flows), Decimals.percent(move.flows, of: comparison.flows)])
        }
        let share = Decimals.percent(comparison.moved, of: comparison.flows)
        let what = comparison.places == "nodes" ? "to another node" : "to another bucket"
        let changed =
            "\(comparison.movedBuckets) of \(comparison.flows) flows "
            + "(\(Decimals.percent(comparison.movedBuckets, of: comparison.flows))) would change their bucket"
        let more = comparison.moves.count - 20
        let isSame = comparison.scheme == report.scheme.text
        return "\ncompared with \(isSame ? "the same arithmetic" : comparison.scheme):\n"
            + (comparison.places == "nodes" && comparison.movedBuckets > 0 ? changed + "\n" : "")
            + "\(comparison.moved) of \(comparison.flows) flows (\(share)) would move \(what)\n"
            + (comparison.moves.isEmpty ? "" : table.text) + (more > 0 ? "and \(more) more pairs; json has all\n" : "")
    }
}

/// A summary as bars, for people.
struct SummaryBars {
    private static let width = 50

    private let report: SummaryReport

    init(_ report: SummaryReport) { self.report = report }

    var text: String {
        let buckets = report.buckets.map { bucket in
            (bucket.owner.map { "\(bucket.number) \($0)" } ?? String(bucket.number), bucket.count.records)
        }
        let nodes = report.nodes.map { ($0.name, $0.count.records) }
        return SummaryHead(report).text + "\nBUCKET, \(report.unit)\n" + bars(buckets)
            + (nodes.isEmpty ? "" : "\nNODE, \(report.unit)\n" + bars(nodes)) + SummaryTable(report).comparison
    }

    private func bars(_ rows: [(name: String, count: UInt64)]) -> String {
        let most = rows.map(\.count).max() ?? 0
        let name = rows.map { displayWidth(of: $0.name) }.max() ?? 0
        let count = rows.map { String($0.count).utf8.count }.max() ?? 0
        return rows.map { row in
            let blanks = String(repeating: " ", count: name - displayWidth(of: row.name))
            let number = String(row.count)
            let padding = String(repeating: " ", count: count - number.utf8.count)
            let length = most == 0 ? 0 : Int((Double(row.count) / Double(most) * Double(Self.width)).rounded())
            let share = Decimals.percent(row.count, of: report.total.records)
            let bar = String(repeating: "#", count: length) + String(repeating: " ", count: Self.width - length)
            return "\(row.name)\(blanks)  \(bar)  \(padding)\(number)  \(share)\n"
        }.joined()
    }
}

/// The first lines of a summary for people: how much there was, how it was placed, what is not in it.
struct SummaryHead {
    private let report: SummaryReport

    init(_ report: SummaryReport) { self.report = report }

    var text: String {
        let records = report.total.records
        var text = "\(records) \(records == 1 ? String(report.unit.dropLast()) : report.unit), \(flows)"
        if report.countsBytes { text += ", \(Decimals.bytes(Int(clamping: report.total.bytes)))" }
        if let destination = report.destination { text += ", to \(destination)" }
        text += "\nplaced by \(report.scheme.text)\n"
        if report.ending != .complete { text += "not complete: \(ending)\n" }
        let apart = report.apart.map { "\($0.1) \($0.0.split(separator: "_").joined(separator: " "))" }
        if !apart.isEmpty { text += "counted apart: \(apart.joined(separator: ", "))\n" }
        for (reason, count) in report.unplaced.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            text += "not placed: \(count), \(reason)\n"
        }
        return text
    }

    private var ending: String {
        if case .damaged(let sentence) = report.ending { return sentence }
        return "stopped by Ctrl-C"
    }

    private var flows: String {
        let count = report.distinct.count
        if report.distinct.isExact { return "\(count) distinct flow\(count == 1 ? "" : "s")" }
        let error = report.distinct.variance(of: count).squareRoot() / Double(max(count, 1))
        return "about \(count) distinct flows (estimated, ±\(Decimals.decimal(100 * error, digits: 2)) %)"
    }
}

/// How the reading of input ended.
enum SummaryEnding: Equatable {
    /// At its end.
    case complete
    /// By Ctrl-C.
    case interrupted
    /// Where a capture is cut off or damaged, with the sentence.
    case damaged(String)

    var status: ExitStatus {
        switch self {
        case .complete: .done
        case .interrupted: .interrupted
        case .damaged: .partly
        }
    }

    /// One word, for JSON.
    var word: String {
        switch self {
        case .complete: "complete"
        case .interrupted: "interrupted"
        case .damaged: "damaged"
        }
    }
}
