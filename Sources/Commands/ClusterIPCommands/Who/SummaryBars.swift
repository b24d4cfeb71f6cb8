import Canvas
import Responsibility

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
            let share = Units.percent(row.count, of: report.total.records)
            let bar = String(repeating: "#", count: length) + String(repeating: " ", count: Self.width - length)
            return "\(row.name)\(blanks)  \(bar)  \(padding)\(number)  \(share)\n"
        }.joined()
    }
}
