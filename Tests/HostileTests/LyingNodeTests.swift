import ClusterModel
import HostileNodes
import NodeLinks
import Planning
import Testing

/// One node of three lies, or somebody tampers with what it says; the plans of the other two are carried out.
@Suite struct LyingNodeTests {
    private static let requests: [PlanRequest] = [
        .move([1, 2], to: "node2", mode: .graceful), .rebalance(.count, mode: .graceful),
        .move([5], to: "node1", mode: .immediate), .finalize(nil), .drain("node2", mode: .graceful),
        .restore("node2", mode: .graceful), .repair,
    ]

    @Test(arguments: Lie.allCases)
    func `two honest nodes never own a bucket both, and lose none but to the liar`(lie: Lie) {
        check(HalfHostileCluster(lie), "\(lie)", canPlan: !Self.blocking.contains(lie))
    }

    @Test(arguments: 0..<12 as Range<UInt64>)
    func `nor do they when somebody tampers with the third node's messages`(seed: UInt64) {
        check(HalfHostileCluster(nil, tamperingSeed: seed), "seed \(seed)")
    }

    /// Lies after which plans are refused: buckets are claimed twice, placed otherwise, or another node's machine is.
    private static let blocking: Set<Lie> = [.claimsAll, .claimsTwice, .otherScheme, .otherName]

    private func check(_ cluster: HalfHostileCluster, _ what: String, canPlan: Bool = true) {
        cluster.run(4)
        var done: [Int] = []
        for (number, request) in Self.requests.enumerated() {
            let before = cluster.accepted(by: 0).union(cluster.accepted(by: 1))
            if cluster.carryOut(request, "op-\(number)") != nil { done.append(number) }
            cluster.run(1.5)
            let after = cluster.accepted(by: 0).union(cluster.accepted(by: 1))
            let lost = before.subtracting(after)
            let given = cluster.given
            #expect(lost.isSubset(of: given), "\(what), \(request): \(lost.subtracting(given)) is nobody's")
        }
        #expect(!canPlan || done.starts(with: 0..<6), "\(what): of the plans only \(done) were carried out")
        #expect(cluster.violations.isEmpty, "\(what): \(cluster.violations)")
    }

    /// What each lie is found by; those that no word of the node gives away have no entry.
    private static let codes: [(lie: Lie, code: String)] = [
        (.claimsAll, "conflict"), (.claimsNothing, "orphan"), (.countersBack, "counter_back"),
        (.clockBack, "clock_wrong"), (.clockLeaps, "clock_wrong"), (.clockStands, "clock_wrong"),
        (.otherName, "same_machine"), (.otherScheme, "seed_mismatch"), (.deafForItsOwn, "claims_unheard"),
    ]

    @Test(arguments: codes.map(\.lie))
    func `what it says is named with its evidence`(lie: Lie) throws {
        let cluster = HalfHostileCluster(lie)
        cluster.run(12)
        let findings = try #require(cluster.fleet.snapshot).findings
        let code = try #require(Self.codes.first { $0.lie == lie }).code
        #expect(findings.contains { $0.code == code }, "\(lie): \(findings.map(\.code))")
    }

    @Test func `an honest cluster has no findings`() throws {
        let cluster = HalfHostileCluster(nil)
        cluster.run(30)
        #expect(try #require(cluster.fleet.snapshot).findings.map(\.code) == [])
    }

    @Test func `nothing is given to a machine that is in the cluster twice`() throws {
        let cluster = HalfHostileCluster(.otherName)
        cluster.run(4)
        let planner = Planner(snapshot: try #require(cluster.fleet.snapshot), operation: "op-1")
        #expect(throws: PlanError.sameMachine("node3", as: "node1")) {
            try planner.plan(.move([5], to: "node3", mode: .graceful))
        }
        #expect(throws: PlanError.sameMachine("node1", as: "node3")) {
            try planner.plan(.move([1], to: "node2", mode: .graceful))
        }
    }

    @Test(arguments: Lie.allCases)
    func `whatever it says can be said`(lie: Lie) throws {
        let cluster = HalfHostileCluster(lie)
        cluster.run(4)
        let snapshot = try #require(cluster.fleet.snapshot)
        for node in snapshot.nodes.prefix(2) { #expect(node.state == .live, "\(lie): \(node.name)") }
    }
}
