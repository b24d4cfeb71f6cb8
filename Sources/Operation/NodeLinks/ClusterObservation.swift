import ClusterModel
import Responsibility

/// Puts the samples of many nodes together into snapshots of one cluster; pure.
public struct ClusterObservation: Sendable {
    /// Above this number of buckets no history is kept.
    private static let historyLimit = 4096
    /// So long, in seconds, another program's change of a table is remembered.
    private static let foreignChangeTime = 600.0
    /// So long, in seconds, a node whose driver fails is stale; after that it is out of reach, as one that is silent.
    private static let failingTime = 2.75

    private struct Node: Sendable {
        let name: String
        var state = NodeState.connecting
        var failure: LinkFailure?
        var lastHeard: Double?
        var delay: Double?
        var lastChange: RulesetChange?
        var foreignChange: (process: ProgramIdentity.Process, time: Double)?
        /// Between these generations the table changed, and it was not told yet who did it.
        var unexplained: ClosedRange<UInt32>?
        var facts = NodeFacts()
        var host: HostIdentity?
        var clock = ClockWatch()
        /// What it said that cannot be, newest last, each kind once.
        var contradictions: [(what: Contradiction, time: Double)] = []
        var drivers: [DriverDescription] = []
        var isReadOnly = false
        /// The drivers that failed in the last sample.
        var driverFailures: [DriverFailure] = []
        /// Why the last sample says nothing of the cluster address; nil when it does.
        var unknown: DriverFailure?
        var isBare = false
        var isGuarded = false
        var isBootMember: Bool?
        var observation = NodeObservation()
        var service = ServiceWatch()
        /// Whether the replies of before were taken up.
        var isKnownToReply = false
    }

    /// The address observed; nil until a node shows one, when the cluster file names none.
    public private(set) var address: IPAddress?
    private let name: String
    private var nodes: [Node]
    /// The settings that most nodes share; nil as long as none has shown any.
    private var configuration: ClusterConfiguration?
    private var history: [RateHistory] = []
    private var replies = ReplyHistory()

    /// An observation of these nodes, of which nothing is known.
    public init(name: String, address: IPAddress?, nodes: [String]) {
        self.name = name
        self.address = address
        self.nodes = nodes.map { Node(name: $0) }
    }

    /// Takes a node's sample.
    ///
    /// - Parameter clock: the time, in seconds, by a clock that also runs while this program is stopped; nil: `now`.
    public mutating func take(_ sample: NodeSample, ofNode index: Int, now: Double, clock: Double? = nil) {
        note(
            nodes[index].clock.take(sample.monotonicNanoseconds, now: now, clock: clock ?? now), ofNode: index, now: now
        )
        if address == nil { address = sample.clusters.first?.configuration.address }
        // What another program changed is news; what an agent did behind it is known anyway.
        if let change = sample.changes.last(where: { $0.program.otherProcess != nil }) ?? sample.changes.last {
            nodes[index].lastChange = change
        }
        let cluster = sample.clusters.first { $0.configuration.address == address }
        nodes[index].driverFailures = sample.failures
        nodes[index].unknown = cluster == nil ? failure(behind: sample, ofNode: index) : nil
        guard nodes[index].unknown == nil else { return }
        nodes[index].lastHeard = now
        noteProgram(of: sample, from: nodes[index].observation, to: cluster, ofNode: index, now: now)
        nodes[index].facts = sample.facts
        nodes[index].isBare = address.map(sample.bareAddresses.contains) ?? false
        nodes[index].isGuarded = address.map { sample.facts.boot?.guarded.contains($0) == true } ?? false
        nodes[index].isBootMember = address.flatMap { address in sample.facts.boot?.members.map { $0.contains(address) }
        }
        let isSame = nodes[index].observation.sample?.configuration == cluster?.configuration
        let counterBack = nodes[index].observation.take(
            cluster, time: sample.monotonicNanoseconds, generation: sample.generation)
        note(counterBack, ofNode: index, now: now)
        if !isSame { configuration = mostShared }
        watchService(ofNode: index)
    }

    /// Compares what a node let in with what its host sent back.
    private mutating func watchService(ofNode index: Int) {
        guard let sample = nodes[index].observation.sample else { return nodes[index].service = ServiceWatch() }
        if let total = configuration?.bucketCount { replies.resize(to: total) }
        if nodes[index].observation.isFresh { nodes[index].service = ServiceWatch(sample.counters) }
        if !nodes[index].isKnownToReply {
            replies.seed(sample.counters, sample.signs)
            nodes[index].isKnownToReply = true
        }
        guard let growth = nodes[index].observation.growth else { return }
        nodes[index].service.take(growth, &replies)
        replies.age(seconds: growth.seconds / Double(max(nodes.count, 1)))
    }

    /// The failure of the driver that had the cluster address, or could have it; nil when none failed that could.
    private func failure(behind sample: NodeSample, ofNode index: Int) -> DriverFailure? {
        guard let known = nodes[index].observation.sample?.driver else { return sample.failures.first }
        return sample.failures.first { $0.driver == known }
    }

    /// Remembers something that cannot be, the newest of each kind.
    private mutating func note(_ contradiction: Contradiction?, ofNode index: Int, now: Double) {
        guard let contradiction else { return }
        let code = ContradictionFinding.itself(contradiction).code
        nodes[index].contradictions.removeAll { ContradictionFinding.itself($0.what).code == code }
        nodes[index].contradictions.append((contradiction, now))
    }

    /// A node's link is opened: its clock and its counters may begin anew.
    public mutating func linkOpened(ofNode index: Int) {
        nodes[index].clock = ClockWatch()
        nodes[index].observation.forgetBase()
    }

    /// Takes what a node's agent says of itself.
    public mutating func take(
        host: HostIdentity? = nil, drivers: [DriverDescription], isReadOnly: Bool, ofNode index: Int
    ) {
        nodes[index].host = host
        nodes[index].drivers = drivers
        nodes[index].isReadOnly = isReadOnly
    }

    /// When a node last said something of the cluster address, or that it has none of it; nil: never.
    public func lastHeard(_ index: Int) -> Double? { nodes[index].lastHeard }

    /// Remembers who changed the cluster's table.
    ///
    /// Commits of others alone must lie between two samples, or the table have vanished, which no step of ours does. A
    /// commit that is told of only after the sample that showed it is known by its generation.
    private mutating func noteProgram(
        of sample: NodeSample, from known: NodeObservation, to new: ClusterSample?, ofNode index: Int, now: Double
    ) {
        let (changes, old) = (sample.changes, known.sample)
        let differs =
            (old == nil) != (new == nil) || old?.ownership != new?.ownership || old?.alterations != new?.alterations
        let hasVanished = old != nil && new == nil
        if differs {
            let program = Self.program(changes, hasVanished: hasVanished)
            let isOpen = changes.isEmpty || hasVanished && program == nil
            nodes[index].unexplained = isOpen ? known.generation.flatMap { Self.after($0, to: sample.generation) } : nil
            if !changes.isEmpty { nodes[index].foreignChange = program.map { ($0, now) } }
        } else if let range = nodes[index].unexplained {
            let late = changes.filter { range.contains($0.generation) }
            guard let program = Self.program(late, hasVanished: new == nil) else { return }
            nodes[index].unexplained = nil
            nodes[index].foreignChange = (program, now)
        }
    }

    /// The generations after one up to another; nil when there are none.
    private static func after(_ last: UInt32, to next: UInt32) -> ClosedRange<UInt32>? {
        last < next ? last + 1...next : nil
    }

    private static func program(_ changes: [RulesetChange], hasVanished: Bool) -> ProgramIdentity.Process? {
        let others = changes.compactMap(\.program.otherProcess)
        return hasVanished || others.count == changes.count ? others.last : nil
    }

    /// Takes a node's state.
    public mutating func take(state: NodeState, failure: LinkFailure?, delay: Double?, ofNode index: Int) {
        nodes[index].state = state
        nodes[index].failure = failure
        nodes[index].delay = delay
    }

    /// Writes the present rates into the history; call once an interval.
    ///
    /// What a bucket does is not known while a node that had it is not heard, or does not count it.
    public mutating func beat() {
        guard let total = configuration?.bucketCount, total <= Self.historyLimit else { return }
        if history.count != total { history = Array(repeating: RateHistory(), count: total) }
        let uncounted = nodes.filter { $0.state != .live || $0.unknown != nil || !$0.observation.countsAccepted }
        let unknown = uncounted.compactMap { $0.observation.sample?.ownership.accepting }
            .reduce(BucketSet()) { $0.union($1) }
        let rates = nodes.filter { $0.state == .live && $0.unknown == nil }.map(\.observation.rates)
        for bucket in 0..<total {
            let sum = rates.reduce(0) { bucket < $1.count ? $0 + ($1[bucket].accepted?.packetsPerSecond ?? 0) : $0 }
            history[bucket].append(sum == 0 && unknown.contains(bucket + 1) ? nil : sum)
        }
    }

    /// Whether a node's agent has introduced itself and works on its first sample.
    public var awaitsFirstSample: Bool {
        nodes.contains { $0.state == .connecting && $0.failure == nil && $0.host != nil }
    }

    /// Whether every node was heard at least once, or has failed, or has said why it cannot be looked at.
    public var hasEveryAnswer: Bool { nodes.allSatisfy { $0.state != .connecting || $0.failure != nil } }

    /// How well a node is heard as far as the cluster address goes.
    ///
    /// An agent whose driver fails is heard, and says nothing of it.
    private func state(_ node: Node, now: Double) -> NodeState {
        guard node.state == .live, node.unknown != nil else { return node.state }
        guard let heard = node.lastHeard else { return .unreachable }
        return now - heard > Self.failingTime ? .unreachable : .stale
    }

    /// The cluster now; nil as long as no node has shown its settings.
    public func snapshot(now: Double) -> ClusterSnapshot? {
        guard var snapshot = bareSnapshot(now: now) else { return nil }
        snapshot.findings = snapshot.worstFindings()
        return snapshot
    }

    /// The cluster now, without findings; nil as long as no node has shown its settings.
    public func bareSnapshot(now: Double) -> ClusterSnapshot? {
        configuration.map {
            ClusterSnapshot(configuration: $0, nodes: nodes.map { status($0, now: now) }, history: history)
        }
    }

    /// What is known of the nodes, also when no settings are known.
    public func statuses(now: Double) -> [NodeStatus] { nodes.map { status($0, now: now) } }

    private func status(_ node: Node, now: Double) -> NodeStatus {
        let foreign = node.foreignChange.flatMap { now - $0.time < Self.foreignChangeTime ? $0.process : nil }
        var status = NodeStatus(
            name: node.name, state: state(node, now: now),
            failure: node.state == .live ? node.unknown.map(LinkFailure.driver) ?? node.failure : node.failure,
            sample: node.observation.sample,
            lost: node.observation.lost, isBare: node.isBare,
            age: node.lastHeard.map { max(now - $0, 0) }, linkDelay: node.delay.map { $0 * 1000 },
            rates: node.observation.rates, arrivals: node.observation.arrivals,
            generation: node.observation.generation, lastChange: node.lastChange, foreignChange: foreign,
            facts: node.facts, drivers: node.drivers, driverFailures: node.driverFailures,
            isReadOnly: node.isReadOnly)
        status.isGuarded = node.isGuarded
        status.isBootMember = node.isBootMember
        status.host = node.host
        status.contradictions = node.contradictions.filter { now - $0.time < Self.foreignChangeTime }.map(\.what)
        status.service = node.state == .live ? node.service.record : nil
        status.heardBuckets = node.observation.heardBuckets
        status.quietBuckets = node.observation.quietBuckets
        return status
    }

    /// The settings that most nodes share, the first of them when there is no majority; those last seen, when every
    /// table is gone.
    private var mostShared: ClusterConfiguration? {
        var all = nodes.compactMap { $0.observation.sample?.configuration }
        if all.isEmpty { all = nodes.compactMap { $0.observation.lost?.configuration } }
        guard var winner = all.first else { return nil }
        var best = 0
        for candidate in all {
            let votes = all.count {
                $0.scheme.placesAlike(candidate.scheme, family: candidate.address.family)
                    && !$0.mac.isOther(than: candidate.mac)
            }
            if votes > best { (winner, best) = (candidate, votes) }
        }
        winner.name = name
        return winner
    }
}
