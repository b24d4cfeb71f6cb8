import ClusterModel
import FoundationEssentials
import Planning
import Responsibility
import Testing

/// What a driver cannot do is a refusal or a named risk, and the plan's steps ask nothing else of it.
@Suite struct DriverLimitTests {
    /// Three nodes, one of which lacks abilities.
    private static func limited(
        _ name: String, without lacks: Set<Capabilities.Ability>, counters: Set<Counter> = [.arrived, .accepted]
    ) -> ClusterSnapshot {
        var snapshot = cluster([[1, 2, 3], [4, 5, 6], [7, 8]])
        for index in snapshot.nodes.indices where snapshot.nodes[index].name == name {
            snapshot.nodes[index].sample?.driver = "plain"
            snapshot.nodes[index].sample?.capabilities.abilities.subtract(lacks)
            snapshot.nodes[index].sample?.capabilities.counters = counters
        }
        return snapshot
    }

    @Test(arguments: [Capabilities.Ability.moving, .marks])
    func `a plan that needs what a driver never does is refused`(_ ability: Capabilities.Ability) {
        let refusal = PlanError.driverCannot(node: "node2", driver: "plain", .ability(ability))
        for request: PlanRequest in [
            .move([4], to: "node1", mode: .graceful), .move([1], to: "node2", mode: .immediate),
            .drain("node2", mode: .graceful),
        ] {
            #expect(throws: refusal) { try planned(request, Self.limited("node2", without: [ability])) }
        }
        #expect(throws: Never.self) {
            try planned(.move([1], to: "node3", mode: .graceful), Self.limited("node2", without: [ability]))
        }
    }

    @Test func `membership is not changed where the driver does not, nor beyond what it can hold`() throws {
        let cannot = PlanError.driverCannot(node: "node3", driver: "plain", .ability(.membership))
        var snapshot = Self.limited("node3", without: [.membership, .migrating])
        for request: PlanRequest in [.reinstall("node3", interface: nil), .resize(16)] {
            #expect(throws: cannot) { try planned(request, snapshot) }
        }
        snapshot.nodes[2].sample?.ownership = Ownership()
        #expect(throws: cannot) { try planned(.leave("node3"), snapshot) }
        snapshot.nodes[2].sample?.capabilities = .full
        snapshot.nodes[2].sample?.capabilities.mostBuckets = 8
        #expect(throws: PlanError.driverCannot(node: "node3", driver: "plain", .buckets(16, most: 8))) {
            try planned(.resize(16), snapshot)
        }
    }

    @Test func `rules of another program give way to our table, and are not divided`() throws {
        let snapshot = Self.limited("node3", without: [.membership, .moving, .marks, .draining, .atomicSteps])
        let plan = try planned(.reinstall("node3", interface: nil), snapshot)
        #expect(plan.risks.isEmpty && plan.moves.isEmpty)
        guard case .rebuild(_, _, keeping: true)? = plan.membership["node3"] else {
            Issue.record("\(plan.membership)")
            return
        }
        let cannot = PlanError.driverCannot(node: "node3", driver: "plain", .ability(.membership))
        #expect(throws: cannot) { try planned(.resize(16), snapshot) }
    }

    @Test func `an agent that changes nothing is not planned with`() {
        var snapshot = cluster([[1, 2], [3, 4]], total: 4)
        snapshot.nodes[1].isReadOnly = true
        #expect(throws: PlanError.readOnly(node: "node2")) {
            try planned(.move([1], to: "node2", mode: .graceful), snapshot)
        }
    }

    @Test func `a node that cannot drain gives up at once, and the new owner resets what it does not know`() throws {
        let plan = try planned(
            .move([4, 7], to: "node1", mode: .graceful), Self.limited("node2", without: [.draining]))
        let risk = Risk.driverCannot(node: "node2", driver: "plain", .draining)
        #expect(plan.risks.contains(risk) && risk.mustBeForced && risk.name == "cannot-drain")
        #expect(plan.step(.release("node2"))?.changes.map(\.to) == [nil])
        #expect(plan.step(.release("node3"))?.changes.map(\.to) == [.draining])
        #expect(plan.step(.claim("node1", from: "node2"))?.changes.map(\.to) == [.adopted])
        #expect(plan.step(.claim("node1", from: "node3"))?.changes.map(\.to) == [.owned])
        #expect(plan.drains == ["node3": [7]])
    }

    @Test func `a node that cannot adopt owns at once`() throws {
        let plan = try planned(
            .move([4], to: "node1", mode: .immediate), Self.limited("node1", without: [.adopting, .atomicSteps]))
        #expect(plan.risks.map(\.name) == ["cannot-adopt", "not-atomic", "connections-reset"])
        #expect(plan.claimed.map(\.to) == [.owned])
    }

    @Test func `between two nodes that neither drain nor adopt, the bucket is owned at once`() throws {
        var snapshot = Self.limited("node2", without: [.draining, .adopting, .ignoring])
        snapshot.nodes[0].sample?.driver = "plain"
        snapshot.nodes[0].sample?.capabilities.abilities.subtract([.draining, .adopting, .ignoring])
        let plan = try planned(.move([4], to: "node1", mode: .graceful), snapshot)
        #expect(plan.risks.map(\.name) == ["cannot-adopt", "cannot-drain"])
        #expect(plan.claimed.map(\.to) == [.owned])
    }

    @Test func `connections that one node keeps are reset by another that cannot tell them`() throws {
        let snapshot = Self.limited("node1", without: [.draining, .adopting, .ignoring])
        let plan = try planned(.move([4], to: "node1", mode: .graceful), snapshot)
        let risk = Risk.driverCannot(node: "node1", driver: "plain", .ignoring)
        #expect(plan.risks == [risk] && risk.mustBeForced && risk.name == "cannot-ignore")
        #expect(plan.step(.release("node2"))?.changes.map(\.to) == [.draining])
    }

    @Test func `a node that cannot confirm is not asked to, and that is a risk`() throws {
        var snapshot = Self.limited("node2", without: [.moving, .marks, .membership])
        snapshot.nodes[2].sample?.ownership = Ownership(owned: [7])
        let orphaned = ClusterSnapshot(configuration: snapshot.configuration, nodes: snapshot.nodes)
        let plan = try planned(.repair, orphaned)
        let risk = Risk.driverCannot(node: "node2", driver: "plain", .marks)
        #expect(plan.risks == [risk] && !risk.mustBeForced && risk.name == "cannot-confirm")
        #expect(plan.steps.allSatisfy { $0.node != "node2" } && !plan.steps.isEmpty)
        #expect(Set(plan.moves.map(\.bucket)) == [8] && plan.moves.allSatisfy { $0.to != "node2" })
    }

    @Test func `a bucket stays with an owner whose rules nobody here changes, and the rest is repaired all the same`()
        throws
    {
        var snapshot = Self.limited("node2", without: [.moving, .marks, .membership])
        snapshot.nodes[0].sample?.ownership = Ownership(owned: [1, 2, 4])
        snapshot.nodes[2].sample?.ownership = Ownership(owned: [7, 8])
        let plan = try planned(
            .repair, ClusterSnapshot(configuration: snapshot.configuration, nodes: snapshot.nodes))
        let conflict = plan.moves.filter { $0.bucket == 4 }
        #expect(conflict.map(\.from) == ["node1"] && conflict.map(\.to) == ["node2"])
        #expect(plan.moves.contains { $0.bucket == 3 && $0.to != "node2" })
        // What two such nodes both own only their own program can tell apart.
        for index in snapshot.nodes.indices { snapshot.nodes[index].sample?.capabilities.abilities = [] }
        snapshot.nodes[0].sample?.ownership = Ownership(owned: [1, 2, 3, 4])
        let stuck = ClusterSnapshot(configuration: snapshot.configuration, nodes: snapshot.nodes)
        let driver = try #require(snapshot.nodes[0].sample).driver
        #expect(throws: PlanError.driverCannot(node: "node1", driver: driver, .ability(.moving))) {
            try planned(.repair, stuck)
        }
    }

    @Test func `where no node can take buckets, nothing is restored`() {
        var snapshot = Self.limited("node1", without: [.moving])
        for index in snapshot.nodes.indices { snapshot.nodes[index].sample?.capabilities.abilities = [] }
        let still = ClusterSnapshot(configuration: snapshot.configuration, nodes: snapshot.nodes)
        #expect(throws: PlanError.noTaker) { try planned(.restore("node2", mode: .graceful), still) }
    }

    @Test func `the journal keeps what a driver could not do`() throws {
        for ability in [Capabilities.Ability.draining, .ignoring, .adopting, .marks, .atomicSteps] {
            let risk = Risk.driverCannot(node: "node2", driver: "plain", ability)
            #expect(try JSONDecoder().decode(Risk.self, from: JSONEncoder().encode(risk)) == risk)
        }
    }

    @Test func `a load that is not counted is not spread`() {
        #expect(throws: PlanError.notCounted(node: "node3", driver: "plain")) {
            try planned(
                .rebalance(.rate, mode: .graceful), Self.limited("node3", without: [], counters: [.arrived]))
        }
    }
}
