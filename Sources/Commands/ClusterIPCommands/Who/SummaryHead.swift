import Responsibility

/// The first lines of a summary for people: how much there was, how it was placed, what is not in it.
struct SummaryHead {
    private let report: SummaryReport

    init(_ report: SummaryReport) { self.report = report }

    var text: String {
        let records = report.total.records
        var text = "\(records) \(records == 1 ? String(report.unit.dropLast()) : report.unit), \(flows)"
        if report.countsBytes { text += ", \(Units.bytes(Int(clamping: report.total.bytes)))" }
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
        return "about \(count) distinct flows (estimated, ±\(Units.decimal(100 * error, digits: 2)) %)"
    }
}
