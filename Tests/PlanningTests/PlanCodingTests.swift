import ClusterModel
import FoundationEssentials
import Planning
import Responsibility
import TestSupport
import Testing

@Suite struct PlanCodingTests {
    private static let address = IPAddress(10, 8, 0, 1)
    private static let moves = PlanWork.moves([Move(bucket: 3, from: "node1", to: "node2")], .immediate)
    private static let requests: [PlanRequest] = [
        .move([3, 7], to: "node2", mode: .immediate), .drain("node1", mode: .graceful),
        .restore("node1", mode: .graceful), .takeOver("node1", to: nil), .takeOver("node1", to: "node2"), .repair,
        .rebalance(.weight(["node1": 1.5]), mode: .graceful), .rebalance(.rate, mode: .immediate),
        .rebalance(.count, mode: .graceful), .finalize(nil), .finalize("node1"),
    ]
    private static let risks: [Risk] = [
        .notFenced(node: "node1", .unreachable), .connectionsReset(node: "node1", [3], after: nil),
        .connectionsReset(node: "node1", [3], after: 60), .connectionsStranded(node: "node1", [3], MulticastHealth()),
        .unknownConnections, .silentNodes(["node3"]), .unhealthyTarget(node: "node2", MulticastHealth()),
        .oneNode("node2", of: 8),
    ]

    private static func again(_ plan: Plan) throws -> Plan {
        try JSONDecoder().decode(Plan.self, from: try JSONEncoder().encode(plan))
    }

    @Test(
        arguments: requests.flatMap { [PlanKind.requested($0), .undo(.requested($0)), .finish(.undo(.requested($0)))] })
    func `a plan of every kind comes back from its JSON as it was`(kind: PlanKind) throws {
        let plan = Plan(
            kind, Self.moves, reason: "node1 gets a new disk", address: Self.address, operation: "op-1",
            risks: Self.risks,
            before: ["node1": Ownership(owned: [3], draining: [4]), "node2": Ownership(adopted: [5])])
        let again = try Self.again(plan)
        #expect(again == plan)
    }

    @Test func `so does one that moves nothing`() throws {
        let plan = Plan(
            .requested(.finalize(nil)), .finalization(["node1": Ownership(draining: [1], adopted: [2])]),
            address: Self.address, operation: "op-1", before: [:])
        let again = try Self.again(plan)
        #expect(again == plan)
    }

    @Test func `a plan of version 1 keeps its title and the sentences of its risks`() throws {
        let text =
            #"{"title":"t","address":"10.8.0.1","operation":"op-1","mode":"graceful","moves":[],"#
            + #""risks":[{"name":"not-fenced","text":"x","mustBeForced":true,"silent":["node3"]}],"before":{}}"#
        let plan = try JSONDecoder().decode(Plan.self, from: Data(text.utf8))
        #expect(plan.kind == .unknown(title: "t") && plan.reason == nil && plan.mode == .graceful)
        #expect(plan.risks.map(\.name) == ["not-fenced"] && plan.vouchedFor == ["node3"])
        let again = try Self.again(plan)
        #expect(again == plan)
    }

    @Test func `a kind and a risk of a later version are kept as unknown`() throws {
        let text =
            #"{"kind":{"requested":{"request":{"swap":{"node":"a"}}}},"address":"10.8.0.1","operation":"op-1","#
            + #""mode":"graceful","moves":[],"risks":[{"name":"too-hot","degrees":90}],"before":{}}"#
        let plan = try JSONDecoder().decode(Plan.self, from: Data(text.utf8))
        #expect(plan.kind == .unknown(title: "a plan") && plan.risks.map(\.name) == ["too-hot"])
        #expect(plan.risks.map(\.mustBeForced) == [true])
    }

    @Test(arguments: Tampering.Kind.allCases)
    func `a plan that somebody has changed is read or refused`(kind: Tampering.Kind) throws {
        let plan = Plan(
            .requested(.move([3], to: "node2", mode: .graceful)), Self.moves, reason: "why", address: Self.address,
            operation: "op-1", risks: Self.risks, before: ["node1": Ownership(owned: [3])])
        let line = Array(try JSONEncoder().encode(plan))
        var refused = 0
        for seed in 0..<100 as Range<UInt64> {
            let changed = Tampering(kind, seed: seed).apply(line)
            do { _ = try JSONDecoder().decode(Plan.self, from: Data(changed)) } catch { refused += 1 }
        }
        #expect(refused > 0 || kind == .list || kind == .key)
    }
}
