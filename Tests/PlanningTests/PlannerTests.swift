import ClusterModel
import Planning
import Responsibility
import Testing

@Suite struct PlannerTests {
    private static func snapshot(
        _ owned: [BucketSet], draining: [BucketSet] = [], states: [NodeState] = [], total: Int = 8,
        seeds: [UInt32] = []
    ) -> ClusterSnapshot {
        func configuration(_ seed: UInt32) -> ClusterConfiguration {
            ClusterConfiguration(
                name: "web", address: IPAddress(10, 8, 0, 1), prefixLength: 16, interface: "eth0",
                mac: MACAddress(number: 0x0100_5e08_0001),
                scheme: .clusterIP(Placement(mode: .sourceIP, bucketCount: UInt32(total), seed: seed)))
        }
        let nodes = owned.indices.map { index in
            NodeStatus(
                name: "node\(index + 1)", state: index < states.count ? states[index] : .live,
                sample: ClusterSample(
                    configuration: configuration(index < seeds.count ? seeds[index] : 42), driver: "simulated",
                    ownership: Ownership(
                        owned: owned[index], draining: index < draining.count ? draining[index] : []),
                    counters: [], health: MulticastHealth()))
        }
        return ClusterSnapshot(configuration: configuration(42), nodes: nodes)
    }

    private static func plan(
        _ buckets: BucketSet, to target: String, in snapshot: ClusterSnapshot, mode: MoveMode = .graceful
    ) throws -> Plan {
        try Planner(snapshot: snapshot, operation: "op-1").plan(.move(buckets, to: target, mode: mode))
    }

    @Test func `a move releases at every old owner before the new owner claims`() throws {
        let plan = try Self.plan([2, 5], to: "node3", in: Self.snapshot([[1, 2, 3], [4, 5, 6], [7, 8]]))
        let claim = StepID.claim("node3", from: "node1")
        #expect(
            Set(plan.steps.map(\.id)) == [
                .guard("node3"), .release("node1"), .release("node2"), claim, .claim("node3", from: "node2"),
            ])
        #expect(plan.step(.guard("node3"))?.needs == [])
        #expect(plan.step(.release("node1"))?.needs == [.guard("node3")])
        #expect(plan.step(claim)?.needs == [.release("node1"), .guard("node3")])
        #expect(plan.step(.release("node1"))?.changes == [.init(bucket: 2, from: .owned, to: .draining)])
        #expect(plan.step(claim)?.changes == [.init(bucket: 2, from: nil, to: .owned, by: "op-1-guard")])
        #expect(plan.after["node3"] == Ownership(owned: [2, 5, 7, 8]))
        #expect(plan.after["node1"] == Ownership(owned: [1, 3], draining: [2]))
    }

    @Test func `a bucket comes back to a node that still drains it`() throws {
        let snapshot = Self.snapshot([[1, 2, 3, 4, 5, 6, 7], [8]], draining: [[8], []])
        let plan = try Self.plan([8], to: "node1", in: snapshot)
        let claim = plan.step(.claim("node1", from: "node2"))
        #expect(claim?.changes == [.init(bucket: 8, from: .draining, to: .owned, by: "op-1-guard")])
    }

    @Test func `an orphan is claimed when every node was heard`() throws {
        let plan = try Self.plan([8], to: "node1", in: Self.snapshot([[1, 2, 3, 4], [5, 6, 7]]))
        #expect(plan.steps.filter { $0.role != .guard }.map(\.id) == [.claim("node1", from: nil)])
    }

    @Test func `connections are not promised to stay with a node that cannot serve them`() throws {
        var snapshot = Self.snapshot([[1, 2, 3, 4], [5, 6, 7, 8]])
        #expect(try Self.plan([1], to: "node2", in: snapshot).risks.isEmpty)
        snapshot.nodes[0].sample?.health.interfaceUp = false
        let health = try #require(snapshot.nodes[0].sample?.health)
        let risk = try #require(Self.plan([1, 2], to: "node2", in: snapshot).risks.first)
        #expect(risk == .connectionsStranded(node: "node1", [1, 2], health) && !risk.mustBeForced)
        let immediate = try Self.plan([1], to: "node2", in: snapshot, mode: .immediate)
        #expect(immediate.risks.map(\.name) == ["connections-reset"])
    }

    @Test func `buckets that are there already are left out`() throws {
        let plan = try Self.plan([1, 5], to: "node1", in: Self.snapshot([[1, 2, 3, 4], [5, 6, 7, 8]]))
        #expect(plan.buckets == [5])
    }

    @Test func `immediate moves leave nothing behind and say so`() throws {
        let plan = try Self.plan([1], to: "node2", in: Self.snapshot([[1, 2, 3, 4], [5, 6, 7, 8]]), mode: .immediate)
        #expect(plan.step(.release("node1"))?.changes == [.init(bucket: 1, from: .owned, to: nil)])
        #expect(plan.step(.drop("node1"))?.action == .dropConnections(plan.address, [1]))
        #expect(plan.step(.claim("node2", from: "node1"))?.waits == [.drop("node1")])
        #expect(plan.risks.map(\.name) == ["connections-reset"])
    }

    @Test func `requests that cannot be granted are refused with the reason`() {
        let whole = Self.snapshot([[1, 2, 3, 4], [5, 6, 7, 8]])
        let half = Self.snapshot([[1, 2, 3, 4], [5, 6, 7]], states: [.live, .stale])
        let double = Self.snapshot([[1, 2, 3, 4, 5], [5, 6, 7, 8]])
        let mixed = Self.snapshot([[1, 2, 3, 4], [5, 6, 7, 8]], seeds: [42, 7])
        #expect(throws: PlanError.unknownNode("node9", known: ["node1", "node2"])) {
            try Self.plan([1], to: "node9", in: whole)
        }
        #expect(throws: PlanError.unknownBucket(9, total: 8)) { try Self.plan([9], to: "node2", in: whole) }
        #expect(throws: PlanError.nothingToDo(.answered(by: "node1"))) { try Self.plan([1], to: "node1", in: whole) }
        #expect(throws: PlanError.nodeNotLive("node2", .stale)) { try Self.plan([1], to: "node2", in: half) }
        #expect(throws: PlanError.nodeNotLive("node2", .stale)) { try Self.plan([5], to: "node1", in: half) }
        #expect(throws: PlanError.orphanUnconfirmed(8, silent: ["node2"])) { try Self.plan([8], to: "node1", in: half) }
        #expect(throws: PlanError.conflict(5, owners: ["node1", "node2"])) {
            try Self.plan([5], to: "node1", in: double)
        }
        #expect(throws: (any Error).self) { try Self.plan([1], to: "node2", in: mixed) }
    }
}
