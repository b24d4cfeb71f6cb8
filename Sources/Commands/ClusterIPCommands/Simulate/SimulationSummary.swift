import FaultSimulation

/// What runs came to, for people.
struct SimulationSummary {
    private let report: SimulationReport
    private let seconds: Double?

    /// A summary of runs that took so long together; nil: of one run.
    init(_ report: SimulationReport, seconds: Double?) {
        self.report = report
        self.seconds = seconds
    }

    /// A paragraph for each kind of thing that happened.
    var text: String {
        var lines = [head]
        lines += [
            "plans       \(report.begun) begun, \(report.ended) came to their end, \(report.confirmed) were carried out "
                + "whole; \(report.recovering) of them complete others or take them back",
            "            " + Self.list(report.requests),
            "faults      " + Self.list(report.faults),
            "consoles    died " + Self.list(report.deaths),
            "packets     \(report.packets) of clients, \(report.unanswered) answered by nobody",
            "findings    " + Self.list(report.findings) + " (in an operator's sight when the faults end)",
        ]
        lines.append("digest      " + String(report.digest, radix: 16))
        lines += report.violations.isEmpty ? ["violations  none"] : violations
        return lines.map { Self.wrapped($0) }.joined()
    }

    /// A violation and the command that makes its run again.
    static func text(_ violation: Violation) -> String {
        "seed \(violation.seed): \(violation.text)\n  clusterip simulate --replay \(violation.seed)"
    }

    private var head: String {
        let runs = "\(report.seeds) \(report.seeds == 1 ? "seed" : "seeds"), \(report.events) events"
        guard let seconds, seconds > 0 else { return "runs        " + runs }
        return "runs        \(runs) in \(Int(seconds)) s: \(Int(Double(report.seeds) / seconds)) seeds/s"
    }

    private var violations: [String] {
        let kinds = Dictionary(grouping: report.violations, by: \.kind).mapValues(\.count)
        let counts = Self.list(Dictionary(uniqueKeysWithValues: kinds.map { ($0.key.rawValue, $0.value) }))
        let shown = report.violations.sorted { $0.seed < $1.seed }.prefix(10).map(Self.text)
        return ["violations  \(counts)"] + shown
    }

    private static func list(_ counts: [String: Int]) -> String {
        if counts.isEmpty { return "none" }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
            .joined(separator: ", ")
    }

    /// The line, broken at spaces before column 80; what goes on is indented.
    private static func wrapped(_ line: String) -> String {
        guard !line.contains("\n") else { return line + "\n" }
        var result = ""
        var width = 0
        for (index, word) in line.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
            if width + word.count > 78, width > 12 {
                result += "\n" + String(repeating: " ", count: 12)
                width = 12
            } else if index > 0 {
                result += " "
                width += 1
            }
            result += word
            width += word.count
        }
        return result + "\n"
    }
}
