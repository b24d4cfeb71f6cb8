import ClusterModel

/// What happened in the cluster since the console began, told from one snapshot to the next.
///
/// A finding that goes and comes back within seconds is one: it ends when it was gone for that long.
struct Chronicle: Sendable {
    /// The most events that are kept.
    static let limit = 2000
    /// A finding that is gone for so many seconds has ended.
    private static let patience = 3.0
    /// Changes of one kind that follow each other within so many seconds are one event.
    private static let together = 5.0
    /// Commits of one program that follow each other within so many seconds are one event.
    private static let rulesetTime = 60.0

    private struct Known: Sendable {
        var finding: Finding
        var since: Double
        var seen: Double
    }

    /// So many seconds a node that was never heard is waited for, before anything is said of the cluster.
    private static let introduction = 5.0

    /// Whether the cluster is judged: every node was heard or has failed, or was waited for.
    private(set) var isJudging = false
    /// When the first snapshot came.
    private var first: Double?
    /// What happened, oldest first.
    private(set) var events: [TimelineEvent] = []
    private var known: [Known] = []
    private var states: [String: NodeState] = [:]
    private var generations: [String: UInt32] = [:]
    private var owners: [Int?] = []

    /// Takes what is known at a time, in seconds since 1970.
    mutating func take(_ snapshot: ClusterSnapshot, at time: Double) {
        guard time.isFinite, judges(snapshot, time) else { return }
        noteOwners(snapshot, time)
        for node in snapshot.nodes {
            noteState(of: node, time)
            noteRuleset(of: node, time)
        }
        noteFindings(snapshot.findings, time)
        if events.count > Self.limit { events.removeFirst(events.count - Self.limit) }
    }

    /// Since when a finding is there; nil when it is not known.
    func since(_ finding: Finding) -> Double? { known.first { $0.finding.isSame(as: finding) }?.since }

    /// The events that change no more and were not given before; all of them when the console ends.
    mutating func unkept(at time: Double, isEnding: Bool) -> [TimelineEvent] {
        var unkept: [TimelineEvent] = []
        for index in events.indices where !events[index].isKept {
            let event = events[index]
            let isOpen: Bool =
                if case .ruleset = event.kind { time - event.time < Self.rulesetTime } else {
                    time - event.time < Self.together * 2
                }
            guard isEnding || !isOpen else { continue }
            events[index].isKept = true
            unkept.append(event)
        }
        return unkept
    }

    /// As long as nodes introduce themselves, one after the other, nothing is known of what is missing.
    private mutating func judges(_ snapshot: ClusterSnapshot, _ time: Double) -> Bool {
        guard !isJudging else { return true }
        let first = first ?? time
        self.first = first
        let awaitsNobody = snapshot.nodes.allSatisfy { $0.state != .connecting || $0.failure != nil }
        isJudging = awaitsNobody || abs(time - first) >= Self.introduction
        return isJudging
    }

    // MARK: Owners

    private mutating func noteOwners(_ snapshot: ClusterSnapshot, _ time: Double) {
        let now = snapshot.coverage.owners
        if owners.isEmpty {
            owners = now
            return add(.began(owned: now.count { $0 != nil }, of: now.count), time)
        }
        guard now.count == owners.count else {
            if !now.isEmpty { add(.resized(from: owners.count, to: now.count), time) }
            return owners = now
        }
        guard now != owners else { return }
        var changes: [[Int]: BucketSet] = [:]
        // A bucket that has no owner or two is a finding; it has moved when it has another one.
        for (index, owner) in now.enumerated() where owner != owners[index] {
            guard let owner, !snapshot.coverage.conflicts.contains(index + 1) else { continue }
            changes[[owners[index] ?? -1, owner], default: []].insert(index + 1)
            owners[index] = owner
        }
        let names = snapshot.nodes.map(\.name)
        for (pair, buckets) in changes.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            noteMove(buckets, from: names.indices.contains(pair[0]) ? names[pair[0]] : nil, to: names[pair[1]], time)
        }
    }

    private mutating func noteMove(_ buckets: BucketSet, from: String?, to: String, _ time: Double) {
        for index in events.indices.suffix(8) where time - events[index].time <= Self.together {
            guard case .ownership(let earlier, from, to) = events[index].kind, !events[index].isKept else { continue }
            return events[index].kind = .ownership(earlier.union(buckets), from: from, to: to)
        }
        add(.ownership(buckets, from: from, to: to), time)
    }

    // MARK: Nodes

    private mutating func noteState(of node: NodeStatus, _ time: Double) {
        let before = states[node.name]
        guard before != node.state else { return }
        // A sample that is late now and then is no news; a node that is lost is, and one that is back.
        if node.state == .stale || before == .stale && node.state == .live { return }
        states[node.name] = node.state
        guard let before, !(before == .connecting && node.state == .live) else { return }
        add(.link(node: node.name, from: before, to: node.state, why: node.failure), time)
    }

    private mutating func noteRuleset(of node: NodeStatus, _ time: Double) {
        guard let change = node.lastChange, generations[node.name] != change.generation else { return }
        let isFirst = generations[node.name] == nil && events.count <= 1
        generations[node.name] = change.generation
        guard !isFirst, let process = change.program.otherProcess else { return }
        for index in events.indices.suffix(8) where time - events[index].time <= Self.rulesetTime {
            guard case .ruleset(node.name, let other, let count) = events[index].kind, other.name == process.name,
                other.user == process.user, !events[index].isKept
            else { continue }
            return events[index].kind = .ruleset(node: node.name, by: process, count: min(count, 1 << 30) + 1)
        }
        add(.ruleset(node: node.name, by: process, count: 1), time)
    }

    // MARK: Findings

    private mutating func noteFindings(_ findings: [Finding], _ time: Double) {
        for finding in findings {
            if let place = known.firstIndex(where: { $0.finding.isSame(as: finding) }) {
                known[place].finding = finding
                known[place].seen = time
            } else {
                known.append(Known(finding: finding, since: time, seen: time))
                add(.foundProblem(finding), time)
            }
        }
        for gone in known where time - gone.seen >= Self.patience {
            insert(.problemEnded(gone.finding, seconds: max(gone.seen - gone.since, 0)), gone.seen)
        }
        known.removeAll { time - $0.seen >= Self.patience }
    }

    private mutating func add(_ kind: TimelineEvent.Kind, _ time: Double) {
        events.append(TimelineEvent(time: time, kind: kind))
    }

    /// Puts an event where it belongs by its time, behind others of the same.
    private mutating func insert(_ kind: TimelineEvent.Kind, _ time: Double) {
        let place = events.lastIndex { $0.time <= time }.map { $0 + 1 } ?? 0
        events.insert(TimelineEvent(time: time, kind: kind), at: place)
    }
}

extension Finding {
    /// Whether this is an earlier finding, whose numbers or words have changed meanwhile.
    func isSame(as other: Finding) -> Bool {
        guard node == other.node else { return false }
        // How a node that says nothing is named changes while it is silent.
        if case .silence = kind, case .silence = other.kind { return true }
        // Of findings about the cluster there may be several; their buckets tell them apart.
        let isAbout = other.node != nil || !buckets.intersection(other.buckets).isEmpty
        return code == other.code && isAbout
    }
}
