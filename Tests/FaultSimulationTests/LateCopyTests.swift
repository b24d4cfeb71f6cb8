import AgentProtocol
import ClusterModel
import Execution
import NodeDriver
import Planning
import Responsibility
import SimulatedNodes
import Testing

/// A request that was refused, and of which a late copy arrives.
@Suite struct LateCopyTests {
    private static let configuration = ClusterConfiguration(
        name: "web", address: IPAddress(10, 8, 0, 1), prefixLength: 16, interface: "eth0",
        mac: MACAddress(number: 0x0100_5e08_0001),
        scheme: .clusterIP(Placement(mode: .sourceIP, bucketCount: 4, seed: 7)))

    private static func plan(_ operation: String, from: String, to: String, _ before: [String: Ownership]) -> Plan {
        Plan(
            .requested(.move([2], to: to, mode: .graceful)), .moves([Move(bucket: 2, from: from, to: to)], .graceful),
            address: configuration.address, operation: operation, before: before)
    }

    private static func apply(_ id: StepID, of execution: PlanExecution, to driver: SimulatedDriver) throws
        -> StepOutcome
    {
        guard case .apply(let step) = execution.call(id) else { throw DriverError(.badValue, "no step") }
        return try driver.apply(step)
    }

    @Test func `a release by an old sample does not fit what another operation, whose guard was seen, claims later`()
        throws
    {
        let (one, two) = (SimulatedDriver(), SimulatedDriver())
        try one.install(Self.configuration, owned: [])
        try two.install(Self.configuration, owned: [2])
        let address = Self.configuration.address
        // Bucket 2 is on its way back from node2 to node1, which has confirmed that it does not answer.
        var back = PlanExecution(
            plan: Self.plan("op-1", from: "node2", to: "node1", ["node1": .init(), "node2": .init(owned: [2])]),
            marks: ["node1": try one.operations(of: address), "node2": try two.operations(of: address)])
        let (release, claim) = (StepID.release("node2"), StepID.claim("node1", from: "node2"))
        #expect(back.begin() == [.send(.guard("node1"))])
        let guarded = try Self.apply(.guard("node1"), of: back, to: one)
        #expect(back.answered(.guard("node1"), .success(.step(guarded))) == [.send(release)])
        // By a sample of before, node1 owns the bucket still.
        let late = PlanExecution(
            plan: Self.plan("op-2", from: "node1", to: "node3", ["node1": .init(owned: [2]), "node3": .init()]),
            marks: ["node1": try one.operations(of: address), "node3": [:]])
        let refused = try Self.apply(.release("node1"), of: late, to: one)
        #expect(refused != .applied)
        let released = try Self.apply(release, of: back, to: two)
        #expect(back.answered(release, .success(.step(released))) == [.send(claim)])
        let claimed = try Self.apply(claim, of: back, to: one)
        #expect(claimed == .applied)
        // The refusal was believed: nobody would claim what a copy of the request releases now.
        let copy = try Self.apply(.release("node1"), of: late, to: one)
        #expect(copy != .applied && one.held(for: address)?.ownership.owned == [2])
    }
}
