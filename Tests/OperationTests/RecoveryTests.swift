import AgentProtocol
import ClusterModel
import Execution
import Planning
import Responsibility
import Testing

@Suite struct RecoveryTests {
    private static let plan = Plan(
        .requested(.move([1], to: "node2", mode: .graceful)),
        .moves([Move(bucket: 1, from: "node1", to: "node2")], .graceful), address: IPAddress(10, 8, 0, 1),
        operation: "op-1", before: ["node1": Ownership(owned: [1]), "node2": Ownership(), "node3": Ownership()])

    private static func kernel(_ state: BucketState?, by author: String?) -> Recovery.Kernel {
        var ownership = Ownership()
        ownership.set(1, to: state)
        return Recovery.Kernel(ownership: ownership, operations: author.map { [1: $0] } ?? [:])
    }

    private static func recovery(_ source: Recovery.Kernel?, _ target: Recovery.Kernel?) -> Recovery {
        var kernels: [String: Recovery.Kernel] = [:]
        kernels["node1"] = source
        kernels["node2"] = target
        return Recovery(plan: plan, kernels: kernels)
    }

    @Test(arguments: [
        (kernel(.owned, by: "install"), kernel(nil, by: nil), Recovery.Place.untouched),
        (kernel(.owned, by: "op-1-back"), kernel(nil, by: nil), .untouched),
        (kernel(.owned, by: "install"), kernel(nil, by: "op-1"), .untouched),
        (kernel(.draining, by: "op-1"), kernel(nil, by: "op-1"), .released),
        (kernel(.draining, by: "op-1"), kernel(nil, by: "op-2"), .overtaken(by: "op-2")),
        (kernel(.draining, by: "op-1"), kernel(.owned, by: "op-1"), .moved),
        (kernel(.draining, by: "op-2"), kernel(nil, by: "op-1"), .overtaken(by: "op-2")),
        (kernel(.draining, by: "op-1"), kernel(.owned, by: "op-2"), .overtaken(by: "op-2")),
        (kernel(nil, by: nil), kernel(nil, by: nil), .overtaken(by: nil)),
    ])
    func `the kernels tell how far a move has come`(
        source: Recovery.Kernel, target: Recovery.Kernel, place: Recovery.Place
    ) {
        #expect(Self.recovery(source, target).places == [1: place])
    }

    @Test func `what cannot be read is not guessed`() {
        #expect(Self.recovery(nil, Self.kernel(nil, by: nil)).places == [1: .unseen(node: "node1")])
        #expect(Self.recovery(Self.kernel(.draining, by: "op-1"), nil).finishing(operation: "op-2") == nil)
    }

    @Test func `completing an immediate move does not reset what a node keeps that it asks nothing of`() throws {
        var plan = Self.plan
        plan.mode = .immediate
        let cases: [(BucketSet, BucketState)] = [(BucketSet(), .adopted), (BucketSet([1]), .owned)]
        for (draining, state) in cases {
            let third = Recovery.Kernel(ownership: Ownership(draining: draining), operations: [:])
            let kernels = [
                "node1": Self.kernel(.owned, by: "op-0"), "node2": Self.kernel(nil, by: "op-0"), "node3": third,
            ]
            let execution = PlanExecution(
                try #require(Recovery(plan: plan, kernels: kernels).finishing(operation: "op-2")))
            let claim = try #require(execution.steps.first { $0.role == .claim })
            #expect(claim.step.changes.map(\.to) == [state])
        }
    }

    @Test func `completing or taking back a released move first renews its marks on both nodes`() throws {
        let recovery = Self.recovery(Self.kernel(.draining, by: "op-1"), Self.kernel(nil, by: "op-1"))
        for marked in [recovery.finishing(operation: "op-2"), recovery.undoing(operation: "op-2")] {
            var execution = PlanExecution(try #require(marked))
            let (first, second) = (StepID.guard("node1"), StepID.guard("node2"))
            let claim = try #require(execution.steps.first { $0.role == .claim })
            #expect(execution.begin() == [.send(first), .send(second)])
            #expect(execution.changes(first) == [.init(bucket: 1, from: .draining, to: .draining, by: "op-1")])
            #expect(execution.changes(second) == [.init(bucket: 1, from: nil, to: nil, by: "op-1")])
            _ = execution.answered(first, .success(.step(.applied)))
            #expect(execution.answered(second, .success(.step(.applied))) == [.send(claim.id)])
            #expect(claim.step.changes.allSatisfy { $0.by == "op-2-guard" && $0.to == .owned })
        }
    }

    @Test func `taking back a finished move is a move`() throws {
        let recovery = Self.recovery(Self.kernel(.draining, by: "op-1"), Self.kernel(.owned, by: "op-1"))
        var execution = PlanExecution(try #require(recovery.undoing(operation: "op-2")))
        let (release, claim) = (StepID.release("node2"), StepID.claim("node1", from: "node2"))
        #expect(execution.begin() == [.send(.guard("node1"))])
        #expect(execution.answered(.guard("node1"), .success(.step(.applied))) == [.send(release)])
        #expect(execution.changes(release) == [.init(bucket: 1, from: .owned, to: .draining, by: "op-1")])
        #expect(execution.answered(release, .success(.step(.applied))) == [.send(claim)])
        #expect(execution.changes(claim) == [.init(bucket: 1, from: .draining, to: .owned, by: "op-2-guard")])
    }
}
