import Canvas
import ClusterModel
import Wording

/// How the cluster is, in one line: the sum of coverage, links and findings; good only when all of them are.
struct Headline {
    /// How it is coloured, from good to bad.
    enum Level: Int, Comparable {
        case good, pending, warning, critical

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// How bad it is.
    var level: Level
    /// The line in several lengths, the longest first; none cuts a number.
    var choices: [String]

    /// The line for what the console has heard.
    init(_ console: ConsoleState) {
        guard let snapshot = console.snapshot else {
            (level, choices) = Self.connecting(console.shownNodes)
            return
        }
        let silent = snapshot.nodes.filter { $0.state == .connecting }.map(\.name)
        let criticals = snapshot.findings.filter { $0.severity == .critical }.enumerated()
            .sorted { ($1.element.buckets.count, $0.offset) < ($0.element.buckets.count, $1.offset) }.map(\.element)
        if !silent.isEmpty, criticals.isEmpty, !snapshot.coverage.isWhole {
            let names = "waiting for \(silent.joined(separator: ", "))"
            let isLate = console.chronicle.isJudging
            let share =
                "\(snapshot.coverage.owners.count { $0 != nil })/\(snapshot.coverage.owners.count) buckets covered"
            level = isLate ? .warning : .pending
            choices = isLate ? ["\(share), \(names)", share] : [names, "waiting"]
        } else if snapshot.coverage.isWhole, criticals.isEmpty {
            (level, choices) = Self.covered(snapshot)
        } else {
            (level, choices) = Self.failing(snapshot, criticals)
        }
        // What was heard long ago is no news of how things are.
        guard console.isSilent, let time = console.snapshotTime else { return }
        let age = Units.age(console.now - time)
        level = max(level, .warning)
        choices = choices.map { "\(age) ago: \($0)" }
    }

    private static func connecting(_ nodes: [NodeStatus]) -> (Level, [String]) {
        let lost = nodes.count { $0.state == .unreachable }
        if lost > 0, lost == nodes.count { return (.critical, ["no node can be reached"]) }
        let also = lost > 0 ? ", \(lost) cannot be reached" : ""
        return (.pending, ["connecting to \(nodes.count - lost) nodes\(also)"])
    }

    private static func covered(_ snapshot: ClusterSnapshot) -> (Level, [String]) {
        let total = snapshot.configuration.bucketCount
        let covered = "\(total)/\(total) buckets covered"
        let (level, words) = service(snapshot)
        let head = covered + ", " + words
        let warnings = snapshot.findings.filter { $0.severity == .warning }
        guard let first = warnings.first else { return (level, [head, covered]) }
        let more = warnings.count > 1 ? ", and \(warnings.count - 1) more" : ""
        let brief = [first.node, first.tag].compactMap(\.self).joined(separator: " ")
        let count = "\(warnings.count) warning\(warnings.count == 1 ? "" : "s")"
        return (
            .warning,
            ["\(covered); \(first.evidence)\(more)", "\(covered); \(brief)\(more)", "\(covered), \(count)", covered]
        )
    }

    /// Whether clients are served, as far as replies tell.
    private static func service(_ snapshot: ClusterSnapshot) -> (Level, String) {
        let states = snapshot.nodes.filter { !$0.ownership.accepting.isEmpty }.map { $0.service?.state ?? .unknown }
        if states.contains(.unknown) { return (.pending, "replies not known") }
        if states.contains(.waiting) { return (.pending, "waiting for replies") }
        if states.contains(.replying) { return (.good, "clients served") }
        return (.good, states.contains(.oneWay) ? "traffic one-way" : "no traffic")
    }

    /// Buckets without exactly one owner, or with one that cannot serve them, and what is wrong with most of them.
    private static func failing(_ snapshot: ClusterSnapshot, _ criticals: [Finding]) -> (Level, [String]) {
        let (unserved, total) = (snapshot.unservedBuckets, snapshot.configuration.bucketCount)
        let count = (1...max(total, 1)).count - unserved.count(in: 1...max(total, 1))
        let head = "\(count)/\(total) buckets served"
        guard let worst = criticals.first else {
            return (.critical, [head + "; not \(unserved.fitting(24))", head])
        }
        let more = criticals.count > 1 ? ", and \(criticals.count - 1) more" : ""
        let brief = [worst.node, worst.tag].compactMap(\.self).joined(separator: " ")
        let which = unserved.isEmpty ? "" : ", not \(unserved.fitting(20))"
        return (
            .critical,
            [
                "\(head)\(which): \(worst.evidence)\(more)", "\(head): \(worst.evidence)\(more)",
                "\(head)\(which): \(brief)\(more)", "\(head): \(brief)\(more)", "\(head): \(brief)", head,
            ]
        )
    }
}

extension Headline.Level {
    /// The scope that a line of this level is drawn in.
    var scope: Scope {
        switch self {
        case .good: .statusOk
        case .pending: .statusPending
        case .warning: .statusWarn
        case .critical: .statusError
        }
    }
}

extension GlyphSet {
    /// The sign of how the cluster is.
    func sign(_ level: Headline.Level) -> Unicode.Scalar {
        switch level {
        case .good: ok
        case .pending: pending
        case .warning: warn
        case .critical: error
        }
    }
}
