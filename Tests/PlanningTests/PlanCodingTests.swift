import ClusterModel
import FoundationEssentials
import Planning
import Responsibility
import Testing

@Suite struct PlanCodingTests {
    @Test func `a plan comes back from its JSON as it was`() throws {
        let plan = Plan(
            title: "move 3 to node2", reason: "node1 gets a new disk", address: IPAddress(10, 8, 0, 1),
            operation: "op-1", mode: .takeOver, moves: [Move(bucket: 3, from: "node1", to: "node2")],
            risks: [Risk(name: "not-fenced", text: "node1 may still answer", mustBeForced: true)],
            before: ["node1": Ownership(owned: [3], draining: [4]), "node2": Ownership(adopted: [5])])
        let data = try JSONEncoder().encode(plan)
        #expect(try JSONDecoder().decode(Plan.self, from: data) == plan)
    }

    @Test func `a plan without a reason is read too`() throws {
        let text =
            #"{"title":"t","address":"10.8.0.1","operation":"op-1","mode":"graceful","moves":[],"#
            + #""risks":[],"before":{}}"#
        #expect(try JSONDecoder().decode(Plan.self, from: Data(text.utf8)).reason == nil)
    }
}
