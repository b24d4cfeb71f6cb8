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

    /// Lies after which plans are refused: buckets are claimed twice, or placed otherwise.
    private static let blocking: Set<Lie> = [.claimsAll, .claimsTwice, .otherScheme]

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

    @Test(arguments: Lie.allCases)
    func `whatever it says can be said`(lie: Lie) throws {
        let cluster = HalfHostileCluster(lie)
        cluster.run(4)
        let snapshot = try #require(cluster.fleet.snapshot)
        for node in snapshot.nodes.prefix(2) { #expect(node.state == .live, "\(lie): \(node.name)") }
    }
}
