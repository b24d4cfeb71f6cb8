import Canvas
import ClusterModel
import Planning
import Responsibility

@testable import Console

/// Clusters to look at; the same numbers every time.
enum Fixture {
    /// Sixteen buckets' load by bucket: uneven, some idle.
    static func load(_ bucket: Int) -> Double {
        [0, 12.4, 48, 1.5, 310, 95, 7, 1240, 22, 3, 0, 480, 66, 18, 150, 9][bucket % 16]
    }

    static func configuration(buckets: Int) -> ClusterConfiguration {
        ClusterConfiguration(
            name: "demo", address: IPAddress(10, 8, 0, 1), prefixLength: 16, interface: "eth0",
            mac: MACAddress(number: 0x0100_5e00_0120),
            scheme: .clusterIP(
                Placement(
                    mode: .sourceIPSourcePort, bucketCount: UInt32(buckets), seed: 42
                )))
    }

    static func node(_ index: Int, ownership: Ownership, buckets: Int) -> NodeStatus {
        let accepting = ownership.accepting
        var counters: [BucketCounters] = []
        var rates: [BucketRates] = []
        for bucket in 1...max(buckets, 1) where buckets > 0 {
            let pps = load(bucket)
            let arrived = PacketCount(packets: UInt64(pps * 1000), bytes: UInt64(pps * 120_000))
            let isAccepted = accepting.contains(bucket)
            counters.append(BucketCounters(arrived: arrived, accepted: isAccepted ? arrived : PacketCount()))
            let rate = Rate(packetsPerSecond: pps, bitsPerSecond: pps * 960)
            rates.append(BucketRates(arrived: rate, accepted: isAccepted ? rate : Rate()))
        }
        let sample = ClusterSample(
            configuration: configuration(buckets: buckets), driver: "nftables", ownership: ownership,
            counters: counters,
            health: MulticastHealth(interfaceMAC: MACAddress(number: 0x0242_0a08_0101 + UInt64(index))),
            connections: 40 + index * 7)
        var node = NodeStatus(
            name: "node\(index + 1)", state: .live, sample: sample, age: 0.4, linkDelay: 0.3, rates: rates,
            generation: 41)
        node.service = ServiceRecord(accepted: 1000, replied: 990, seconds: 5)
        return node
    }

    /// Buckets dealt out in turn.
    static func cluster(nodes: Int = 3, buckets: Int = 16) -> ClusterSnapshot {
        let all = (0..<nodes).map { index in
            let owned = BucketSet((0..<buckets).filter { $0 % nodes == index }.map { $0 + 1 })
            return node(index, ownership: Ownership(owned: owned), buckets: buckets)
        }
        let history = (0..<(buckets <= 4096 ? buckets : 0)).map { bucket in
            (0..<60).reduce(into: RateHistory()) { history, second in
                history.append(load(bucket + 1) * Double((second * 7 + bucket) % 13) / 12)
            }
        }
        return ClusterSnapshot(configuration: configuration(buckets: buckets), nodes: all, history: history)
    }

    /// The cluster when its nodes hold this.
    static func cluster(holding ownership: [String: Ownership]) -> ClusterSnapshot {
        let snapshot = cluster()
        let nodes = snapshot.nodes.map { node in
            var node = node
            if let held = ownership[node.name] { node.sample?.ownership = held }
            return node
        }
        return ClusterSnapshot(configuration: snapshot.configuration, nodes: nodes, history: snapshot.history)
    }

    /// Everything that can be wrong at once: an orphan, a conflict, a drain, a bad MAC, a stale and a lost node.
    static func trouble() -> ClusterSnapshot {
        var nodes = cluster(nodes: 5).nodes
        nodes[0].sample?.ownership.set(1, to: nil)
        nodes[1].sample?.ownership.set(3, to: .owned)
        nodes[1].sample?.ownership.set(6, to: .draining)
        nodes[1].sample?.ownership.set(9, to: .draining)
        nodes[0].sample?.health.macJoined = false
        nodes[0].sample?.health.arpRewritten = false
        nodes[2].state = .stale
        nodes[2].age = 2.4
        nodes[2].failure = .late(seconds: 2)
        nodes[3].state = .unreachable
        nodes[3].age = 75
        nodes[3].failure = .ended(
            .init(.network, .exited(status: 255), words: "ssh: connect to host node4 port 22: No route to host"))
        nodes[4] = NodeStatus(name: "node5", state: .connecting)
        var snapshot = ClusterSnapshot(configuration: configuration(buckets: 16), nodes: nodes)
        snapshot.findings = snapshot.worstFindings()
        return snapshot
    }

    /// The cluster after bucket 4 went to node3 by another's hand.
    static func overtaken() -> ClusterSnapshot {
        var snapshot = cluster()
        snapshot.nodes[0].sample?.ownership.set(4, to: .draining)
        snapshot.nodes[2].sample?.ownership.set(4, to: .owned)
        return ClusterSnapshot(
            configuration: snapshot.configuration, nodes: snapshot.nodes, history: snapshot.history)
    }

    /// A console that has seen a snapshot.
    static func console(
        _ snapshot: ClusterSnapshot? = cluster(), size: Size = Size(columns: 80, rows: 24), lock: Lock = .locked
    ) -> ConsoleState {
        var state = ConsoleState(
            clusterName: "demo", nodes: ["node1", "node2", "node3"], lock: lock, themes: ["harbour", "paper"],
            theme: "harbour", size: size)
        if let snapshot, snapshot.nodes.contains(where: { $0.state == .connecting }) {
            // A node that was waited for long enough, so that the cluster is judged without it.
            _ = update(&state, .tick(now: 90))
            _ = update(&state, .snapshot(snapshot))
        }
        _ = update(&state, .tick(now: 100))
        if let snapshot { _ = update(&state, .snapshot(snapshot)) }
        return state
    }

    static func plan(_ snapshot: ClusterSnapshot = cluster(), mode: MoveMode = .graceful) -> Plan {
        do {
            return try Planner(snapshot: snapshot, operation: "op-1").plan(.move([1, 4, 7], to: "node2", mode: mode))
        } catch { preconditionFailure("\(error)") }
    }
}

extension PlanEnding {
    /// The plan was carried out whole, and the kernels hold this.
    static func completed(after: [String: Ownership]? = nil, notes: [String] = [], plan: Plan = Fixture.plan()) -> Self
    {
        ended(plan, Array(repeating: .done, count: plan.steps.count), after ?? plan.after, notes)
    }

    /// The plan was stopped behind its release, for this reason.
    static func stopped(_ why: String, plan: Plan = Fixture.plan()) -> Self {
        let progress = plan.steps.map { step -> StepProgress in
            step.role == .claim ? .unknown(.agent(why)) : .done
        }
        return ended(plan, progress, plan.before, [why])
    }

    private static func ended(
        _ plan: Plan, _ progress: [StepProgress], _ after: [String: Ownership], _ notes: [String]
    ) -> Self {
        .ended(
            PlanOutcome(
                steps: zip(plan.steps, progress).map { StepStatus($0, $1) },
                recovery: Recovery(plan: plan, kernels: [:]), after: after),
            notes: notes)
    }
}

extension JournalEntry {
    /// An operation of which a line is shown; its plan is the example's.
    static func example(
        _ outcome: Outcome, _ title: String = "move 1,4,7 to node2", at started: String = "2026-11-22T14:02:31.000Z",
        hasPlan: Bool = true, steps: [JournalStep] = []
    ) -> JournalEntry {
        JournalEntry(
            number: 1, id: "op-1", cluster: "demo", who: Operator(user: "root", host: "console", pid: 42),
            started: started, title: title, plan: hasPlan ? Fixture.plan() : nil, outcome: outcome, steps: steps)
    }
}

extension ConsoleState {
    /// Types keys as they are written: "2 m Y Enter"; what is no key's name is typed letter by letter.
    mutating func type(_ words: String) -> [Effect] {
        words.split(separator: " ").flatMap { word -> [Effect] in
            if let key = Self.named[String(word)] { return update(&self, .key(key)) }
            return word.flatMap { update(&self, .key(.character($0))) }
        }
    }

    private static let named: [String: Key] = {
        let keys: [Key] = [
            .enter, .escape, .tab, .backTab, .backspace, .up, .down, .left, .right, .home, .end, .pageUp, .pageDown,
            .character(" "), .ctrl("c"), .ctrl("l"), .ctrl("z"), .ctrl("u"),
        ]
        return Dictionary(uniqueKeysWithValues: keys.map { ($0.label, $0) })
    }()

    /// Time goes on; bucket 6 becomes hot on the way, and then goes from its owner to the next node.
    mutating func live(until end: Int) {
        guard let snapshot else { return }
        for second in 101...max(end, 101) {
            var nodes = snapshot.nodes
            let owner = snapshot.coverage.owner(of: 6)
            if second > 130, let owner, nodes[owner].rates.count > 5 {
                nodes[owner].rates[5].accepted = Rate(packetsPerSecond: 900, bitsPerSecond: 900_000)
            }
            if second > 145, let owner {
                let rate = nodes[owner].rates[5].accepted
                nodes[owner].rates[5].accepted = Rate()
                nodes[owner].sample?.ownership.set(6, to: .draining)
                nodes[(owner + 1) % nodes.count].sample?.ownership.set(6, to: .owned)
                nodes[(owner + 1) % nodes.count].rates[5].accepted = rate
            }
            var next = ClusterSnapshot(
                configuration: snapshot.configuration, nodes: nodes, history: snapshot.history)
            next.findings = snapshot.findings
            _ = update(&self, .snapshot(next))
            _ = update(&self, .tick(now: Double(second)))
        }
    }

    /// The screen as text.
    func picture(_ glyphs: GlyphSet = .unicode) -> String { render(self, size: size, glyphs: glyphs).0.picture() }
}
