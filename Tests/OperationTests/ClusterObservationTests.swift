import ClusterModel
import NodeLinks
import Responsibility
import Testing
import Wording

@Suite struct ClusterObservationTests {
    private static func sample(seconds: Double, packets: UInt64, seed: UInt32 = 42) -> NodeSample {
        let configuration = ClusterConfiguration(
            name: "x", address: IPAddress(10, 8, 0, 1), prefixLength: 16, interface: "eth0",
            mac: MACAddress(number: 0x0100_5e08_0001),
            scheme: .clusterIP(Placement(mode: .sourceIP, bucketCount: 1, seed: seed)))
        return NodeSample(
            monotonicNanoseconds: UInt64(seconds * 1e9), generation: 1,
            clusters: [
                ClusterSample(
                    configuration: configuration, driver: "simulated", ownership: Ownership(owned: [1]),
                    counters: [BucketCounters(accepted: PacketCount(packets: packets, bytes: packets * 100))],
                    health: MulticastHealth())
            ])
    }

    private static func observation(_ nodes: [String] = ["a"]) -> ClusterObservation {
        ClusterObservation(name: "web", address: nil, nodes: nodes)
    }

    @Test func `rates are by the agent's clock, whatever the link's delay`() throws {
        var observation = Self.observation()
        observation.take(Self.sample(seconds: 10, packets: 0), ofNode: 0, now: 0)
        observation.take(Self.sample(seconds: 12, packets: 500), ofNode: 0, now: 7)
        let rates = try #require(observation.snapshot(now: 7)?.nodes[0].rates.first)
        #expect(rates.accepted == Rate(packetsPerSecond: 250, bitsPerSecond: 200_000))
    }

    @Test func `two samples close together give no rate of their own`() throws {
        var observation = Self.observation()
        observation.take(Self.sample(seconds: 10, packets: 0), ofNode: 0, now: 0)
        observation.take(Self.sample(seconds: 11, packets: 100), ofNode: 0, now: 1)
        observation.take(Self.sample(seconds: 11.01, packets: 110), ofNode: 0, now: 1)
        #expect(observation.snapshot(now: 1)?.nodes[0].rates[0].accepted?.packetsPerSecond == 100)
        observation.take(Self.sample(seconds: 12, packets: 300), ofNode: 0, now: 2)
        #expect(observation.snapshot(now: 2)?.nodes[0].rates[0].accepted?.packetsPerSecond == 200)
    }

    @Test func `counters that were counted before their sample give rates by the time they were counted`() throws {
        var observation = Self.observation()
        func take(_ seconds: Double, counted: UInt64, packets: UInt64) -> Double? {
            var sample = Self.sample(seconds: seconds, packets: packets)
            sample.clusters[0].countedAt = counted * 1_000_000_000
            observation.take(sample, ofNode: 0, now: seconds)
            return observation.snapshot(now: seconds)?.nodes[0].rates.first?.accepted?.packetsPerSecond
        }
        #expect(take(10, counted: 9, packets: 0) == nil)
        #expect(take(11, counted: 9, packets: 0) == nil)
        #expect(take(13.5, counted: 13, packets: 400) == 100)
        #expect(take(14.5, counted: 13, packets: 400) == 100)
        #expect(take(18, counted: 17, packets: 400) == 0)
    }

    @Test func `a counter that ran backwards was made anew`() {
        var observation = Self.observation()
        observation.take(Self.sample(seconds: 10, packets: 900), ofNode: 0, now: 0)
        observation.take(Self.sample(seconds: 11, packets: 30), ofNode: 0, now: 1)
        #expect(observation.snapshot(now: 1)?.nodes[0].rates[0].accepted?.packetsPerSecond == 30)
    }

    @Test func `the settings of most nodes are the cluster's`() {
        var observation = Self.observation(["a", "b", "c"])
        for (index, seed) in [7, 42, 42].enumerated() {
            observation.take(Self.sample(seconds: 1, packets: 0, seed: UInt32(seed)), ofNode: index, now: 0)
        }
        #expect(observation.snapshot(now: 0)?.configuration.scheme.seed == 42)
        #expect(observation.snapshot(now: 0)?.configuration.name == "web")
    }

    @Test func `history keeps one value a beat, and none while its node is not heard`() {
        var observation = Self.observation()
        observation.take(Self.sample(seconds: 1, packets: 0), ofNode: 0, now: 0)
        observation.take(state: .live, failure: nil, delay: nil, ofNode: 0)
        observation.beat()
        observation.take(Self.sample(seconds: 2, packets: 50), ofNode: 0, now: 1)
        observation.beat()
        observation.take(state: .stale, failure: .notReading, delay: nil, ofNode: 0)
        observation.beat()
        #expect(observation.snapshot(now: 1)?.history.first?.values == [0, 50, -1])
    }

    @Test func `a node without the cluster address says so`() throws {
        var observation = Self.observation(["a", "b"])
        observation.take(Self.sample(seconds: 1, packets: 0), ofNode: 0, now: 0)
        observation.take(NodeSample(monotonicNanoseconds: 1, generation: 1, clusters: []), ofNode: 1, now: 0)
        for index in 0...1 { observation.take(state: .live, failure: nil, delay: nil, ofNode: index) }
        let node = try #require(observation.snapshot(now: 0)?.nodes[1])
        #expect(node.silence(observation.address) == "it carries no cluster address 10.8.0.1")
    }

    @Test func `whoever changed the table past clusterip is remembered for ten minutes, or until clusterip does`() {
        func sample(_ seconds: Double, owned: BucketSet, by processes: String...) -> NodeSample {
            var sample = Self.sample(seconds: seconds, packets: 0)
            sample.clusters[0].ownership = Ownership(owned: owned)
            sample.changes = processes.map {
                RulesetChange(generation: 2, by: ProgramIdentity(process: $0, pid: 7))
            }
            return sample
        }
        var observation = Self.observation()
        func author(_ now: Double) -> String? { observation.snapshot(now: now)?.nodes[0].foreignChange?.name }
        observation.take(sample(1, owned: [1]), ofNode: 0, now: 0)
        observation.take(sample(2, owned: [1], by: "dockerd"), ofNode: 0, now: 1)
        #expect(author(1) == nil)
        observation.take(sample(3, owned: [], by: "nft"), ofNode: 0, now: 2)
        #expect(author(2) == "nft" && author(601) == "nft" && author(603) == nil)
        observation.take(sample(4, owned: [1], by: "clusterip-agent"), ofNode: 0, now: 3)
        #expect(author(3) == nil)
        observation.take(sample(5, owned: [], by: "nft", "clusterip-agent"), ofNode: 0, now: 4)
        #expect(author(4) == nil)
    }

    @Test func `who deleted a table is named, beside our own steps, and when it is told of too late`() throws {
        func author(_ samples: [(generation: UInt32, isMember: Bool, changes: [RulesetChange])]) throws -> Finding
            .Change?
        {
            var observation = Self.observation(["a", "b"])
            observation.take(Self.sample(seconds: 1, packets: 0), ofNode: 1, now: 0)
            for (second, next) in samples.enumerated() {
                var sample = Self.sample(seconds: Double(second + 1), packets: 0)
                (sample.generation, sample.changes) = (next.generation, next.changes)
                if !next.isMember { (sample.clusters, sample.bareAddresses) = ([], [IPAddress(10, 8, 0, 1)]) }
                observation.take(sample, ofNode: 0, now: 1)
                observation.take(state: .live, failure: nil, delay: nil, ofNode: 0)
            }
            let findings = try #require(observation.snapshot(now: 2)).findings
            return findings.first { $0.code == "table_flushed" }?.changes.last
        }
        let process = ProgramIdentity.Process(name: "nft", pid: 23636, user: "root")
        let nft = RulesetChange(generation: 9, by: .other(process))
        let ours = RulesetChange(generation: 8, by: .agent(pid: 7))
        let expected = Finding.Change(node: "a", process: process)
        #expect(try author([(7, true, []), (9, false, [nft])]) == expected)
        #expect(try author([(7, true, []), (9, false, [ours, nft])]) == expected)
        #expect(try author([(7, true, []), (9, false, []), (9, false, [nft])]) == expected)
        #expect(try author([(7, true, []), (9, false, [ours]), (9, false, [nft])]) == expected)
        let later = RulesetChange(generation: 10, by: .other(.init(name: "dockerd", pid: 5)))
        #expect(try author([(7, true, []), (9, false, []), (10, false, [nft, later])]) == expected)
        #expect(try author([(7, true, []), (9, false, []), (10, false, [later])]) != expected)
    }

    @Test func `of what a driver does not count nothing is known, and it is not zero`() throws {
        var observation = Self.observation()
        for second in 0...2 {
            var sample = Self.sample(seconds: Double(second), packets: 7)
            sample.clusters[0].capabilities.counters = []
            sample.clusters[0].counters = []
            observation.take(sample, ofNode: 0, now: Double(second))
            observation.take(state: .live, failure: nil, delay: nil, ofNode: 0)
            observation.beat()
        }
        let snapshot = try #require(observation.snapshot(now: 2))
        #expect(snapshot.nodes[0].rates.isEmpty && snapshot.nodes[0].arrivals.isEmpty)
        #expect(snapshot.history.map(\.newest) == [-1])
        #expect(snapshot.findings.isEmpty)
    }

    @Test func `a driver that fails makes its cluster unknown, and another driver's failure does not`() throws {
        var observation = Self.observation()
        observation.take(Self.sample(seconds: 0, packets: 0), ofNode: 0, now: 0)
        observation.take(state: .live, failure: nil, delay: nil, ofNode: 0)
        func take(_ driver: String, at now: Double, withCluster: Bool) {
            var sample = Self.sample(seconds: now, packets: 0)
            if !withCluster { sample.clusters = [] }
            sample.failures = [DriverFailure(driver: driver, code: .busy, message: "busy")]
            observation.take(sample, ofNode: 0, now: now)
        }
        take("other", at: 1, withCluster: true)
        #expect(observation.statuses(now: 1)[0].state == .live)
        #expect(observation.statuses(now: 1)[0].driverFailures.map(\.driver) == ["other"])
        take("simulated", at: 2, withCluster: false)
        let stale = observation.statuses(now: 2)[0]
        #expect(stale.state == .stale && stale.ownership.owned == [1] && stale.lost == nil)
        #expect(stale.failure == .driver(DriverFailure(driver: "simulated", code: .busy, message: "busy")))
        take("simulated", at: 4, withCluster: false)
        #expect(observation.statuses(now: 4)[0].state == .unreachable)
        take("other", at: 5, withCluster: false)
        #expect(observation.statuses(now: 5)[0].state == .live)
        #expect(observation.statuses(now: 5)[0].lost?.ownership.owned == [1])
    }

    @Test func `what arrived is kept for two intervals`() {
        var observation = Self.observation()
        for (second, packets) in [0, 30, 70, 150].enumerated() {
            var sample = Self.sample(seconds: Double(second), packets: 0)
            sample.clusters[0].counters[0].arrived = PacketCount(packets: UInt64(packets), bytes: 0)
            observation.take(sample, ofNode: 0, now: Double(second))
        }
        #expect(
            observation.snapshot(now: 3)?.nodes[0].arrivals == [
                Arrivals(packets: 40, own: 40, accepted: 0, seconds: 1),
                Arrivals(packets: 80, own: 80, accepted: 0, seconds: 1),
            ])
    }

    @Test func `a cluster whose every table is gone is still shown, as it was last seen`() throws {
        var observation = Self.observation()
        observation.take(Self.sample(seconds: 1, packets: 0), ofNode: 0, now: 0)
        observation.take(
            NodeSample(
                monotonicNanoseconds: 2_000_000_000, generation: 2, clusters: [],
                bareAddresses: [IPAddress(10, 8, 0, 1)]),
            ofNode: 0, now: 1)
        observation.take(state: .live, failure: nil, delay: nil, ofNode: 0)
        let snapshot = try #require(observation.snapshot(now: 1))
        #expect(snapshot.configuration.scheme.seed == 42 && snapshot.nodes[0].isBare)
        #expect(snapshot.findings.map(\.code) == ["orphan", "table_flushed"])
        #expect(snapshot.nodes[0].silence(observation.address) == "it carries 10.8.0.1, but has no table for it")
    }
}

/// A node's clock against ours: what a link holds up is late and never early.
@Suite struct ClockWatchTests {
    /// Seconds of the node's clock, of ours, and of the program's, which stands still while it is stopped.
    private typealias Sample = (node: Double, clock: Double, now: Double)

    private static func contradictions(_ samples: [Sample]) -> [Contradiction] {
        var observation = ClusterObservation(name: "web", address: nil, nodes: ["a"])
        for sample in samples {
            let sampled = NodeSample(
                monotonicNanoseconds: UInt64(sample.node * 1e9), generation: 1, clusters: [])
            observation.take(sampled, ofNode: 0, now: sample.now, clock: sample.clock)
        }
        return observation.statuses(now: samples.last?.now ?? 0)[0].contradictions
    }

    @Test func `a clock that goes with ours is right, also when a link or this program stands still for long`() {
        let steady = (0..<100).map { (Double($0) + 7, Double($0), Double($0)) }
        let late: [Sample] = [(10, 1, 1), (11, 2, 2), (12, 62, 62), (13, 62.1, 62.1), (71, 62.2, 62.2), (72, 63, 63)]
        let stopped: [Sample] = [(10, 1, 1), (11, 2, 2), (12, 602, 2.1), (611, 602.1, 2.2), (612, 603, 3)]
        for samples in [steady, late, stopped] { #expect(Self.contradictions(samples).isEmpty) }
    }

    @Test func `a clock that goes back, leaps or stands still is named`() {
        #expect(Self.contradictions([(10, 1, 1), (4, 2, 2)]) == [.clockBack(seconds: 6)])
        #expect(Self.contradictions([(10, 1, 1), (11, 2, 2), (112, 3, 3)]) == [.clockAhead(seconds: 100)])
        let standing = (0..<12).map { (10.0, Double($0), Double($0)) }
        #expect(Self.contradictions(standing) == [.clockBehind(seconds: 9)])
    }

    @Test func `a link that is opened anew may bring another clock`() {
        var observation = ClusterObservation(name: "web", address: nil, nodes: ["a"])
        for (time, now) in [(100, 1.0), (1, 2.0)] as [(UInt64, Double)] {
            observation.linkOpened(ofNode: 0)
            observation.take(
                NodeSample(monotonicNanoseconds: time, generation: 1, clusters: []), ofNode: 0, now: now)
        }
        #expect(observation.statuses(now: 2)[0].contradictions.isEmpty)
    }
}
