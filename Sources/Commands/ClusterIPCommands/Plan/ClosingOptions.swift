import ArgumentParser
import Execution
import Planning

/// What is done when every bucket is where it should be: about the connections that old owners keep, and about those
/// that nobody has any more.
struct ClosingOptions: ParsableArguments {
    /// What becomes of connections that have not ended in time.
    enum Deadline: String, CaseIterable, ExpressibleByArgument {
        case keep
        case reset
    }

    @Option(
        help: ArgumentHelp(
            "After a graceful move, wait so long for the connections that the old owners keep, and end their draining: "
                + "90s, 10m, 2h. Without it they drain on until `clusterip settle`.", valueName: "time"))
    var wait: TimeSpan?

    @Option(
        help: """
            What becomes of connections that are left when --wait is over. keep: they live on, exit status 2; reset: the \
            old owner forgets them and the new one resets them.
            """)
    var then = Deadline.keep

    @Option(
        help: ArgumentHelp(
            "After --mode immediate, --then reset and a take-over, wait so long while the new owners reset connections "
                + "they do not know, and end that. Without it they go on until `clusterip settle`.", valueName: "time"))
    var settle: TimeSpan?

    func validate() throws {
        guard then == .keep || wait != nil else {
            throw ValidationError("--then reset is about the end of a wait: add --wait, such as --wait 10m")
        }
    }

    /// Whether something is waited for.
    var waits: Bool { wait != nil || settle != nil }

    /// The options of an execution.
    var options: PlanExecution.Options {
        PlanExecution.Options(
            drainWithin: wait?.seconds, atDeadline: then == .keep ? .keep : .reset, finalizeAfter: settle?.seconds)
    }

    /// The plan with the risks that these options add.
    func adding(to plan: Plan) -> Plan {
        guard then == .reset, let wait else { return plan }
        var plan = plan
        plan.risks += plan.deadlineRisks(wait.seconds)
        return plan
    }

    /// What follows the plan, a sentence a line.
    func sentences(_ plan: Plan) -> [String] {
        let drains = plan.drains.sorted { $0.key < $1.key }.map(\.key).joined(separator: " and ")
        var lines: [String] = []
        if !drains.isEmpty {
            lines.append(
                wait.map {
                    "then: waits up to \($0.text) for the connections kept by \(drains); what is left "
                        + (then == .keep ? "lives on" : "is reset")
                }
                    ?? "then: connections stay with \(drains) until they end; `--wait 10m` waits for that")
        }
        if plan.adopts || then == .reset, !plan.moves.isEmpty {
            lines.append(
                settle.map { "then: the new owners reset unknown connections for \($0.text), and settle" }
                    ?? "then: the new owners reset unknown connections until `clusterip settle`")
        }
        return lines
    }
}

/// A time that an operator types: 90, 90s, 10m, 2h, 7d.
struct TimeSpan: ExpressibleByArgument, Hashable {
    /// The longest wait: a week.
    private static let limit = 604_800.0
    private static let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]

    var seconds: Double

    init(seconds: Double) { self.seconds = seconds }

    init?(argument: String) { self.init(argument, limit: Self.limit) }

    /// Reads a time of so many seconds at most.
    init?(_ text: String, limit: Double) {
        let unit = text.last.flatMap { Self.units[$0] }
        let digits = unit == nil ? text[...] : text.dropLast()
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
            let number = Double(digits), number * (unit ?? 1) <= limit
        else { return nil }
        seconds = number * (unit ?? 1)
    }

    /// The time as an operator types it: "90s", "10m", "2h".
    var text: String {
        let whole = Int(seconds)
        if Double(whole) != seconds { return "\(seconds)s" }
        if whole > 0, whole % 3600 == 0 { return "\(whole / 3600)h" }
        return whole > 60 && whole % 60 == 0 ? "\(whole / 60)m" : "\(whole)s"
    }
}
