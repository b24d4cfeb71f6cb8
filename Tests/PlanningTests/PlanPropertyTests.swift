import ClusterModel
import Planning
import TestSupport
import Testing

/// What holds for every cluster; a failing seed is in the test's name.
@Suite struct PlanPropertyTests {
    /// A whole cluster of some live nodes, with some rates and drains.
    private static func random(_ numbers: inout SplitMix) -> ClusterSnapshot {
        let total = Int.random(in: 1...80, using: &numbers)
        let nodes = Int.random(in: 2...9, using: &numbers)
        var owned = [BucketSet](repeating: [], count: nodes)
        var draining = owned
        for bucket in 1...total {
            let owner = Int.random(in: 0..<nodes, using: &numbers) % Int.random(in: 1...nodes, using: &numbers)
            owned[owner].insert(bucket)
            if Int.random(in: 0..<6, using: &numbers) == 0 { draining[(owner + 1) % nodes].insert(bucket) }
        }
        let rates = (0..<nodes).map { _ in (0..<total).map { _ in Double.random(in: 0...1000, using: &numbers) } }
        return cluster(owned, draining: draining, rates: rates, total: total)
    }

    private static func isWhole(_ plan: Plan, _ total: Int) -> Bool {
        Coverage(bucketCount: total, ownerships: Array(plan.after.values)).isWhole
    }

    @Test(arguments: 0..<300) func `every plan leaves each bucket one owner, and is the same each time`(seed: Int)
        throws
    {
        var numbers = SplitMix(seed: UInt64(seed))
        let snapshot = Self.random(&numbers)
        let weights = ["node1": Double(Int.random(in: 0...4, using: &numbers)), "node2": 1.5]
        let requests: [PlanRequest] = [
            .drain("node1", mode: .graceful), .restore("node2", mode: .immediate), .rebalance(.count, mode: .graceful),
            .rebalance(.weight(weights), mode: .immediate), .rebalance(.rate, mode: .graceful),
        ]
        for request in requests {
            guard let plan = try? planned(request, snapshot) else { continue }
            #expect(Self.isWhole(plan, snapshot.configuration.bucketCount))
            #expect(plan.moves.count == plan.buckets.count)
            #expect(try planned(request, snapshot) == plan)
            if let balance = plan.balance { #expect(balance.imbalanceAfter < balance.imbalanceBefore) }
            if case .drain = request { #expect(plan.moves.allSatisfy { $0.from == "node1" }) }
            if case .restore = request { #expect(plan.moves.allSatisfy { $0.to == "node2" }) }
        }
    }

    @Test(arguments: 0..<300) func `rebalancing by count moves as few as can be`(seed: Int) throws {
        var numbers = SplitMix(seed: UInt64(seed))
        let snapshot = Self.random(&numbers)
        let total = snapshot.configuration.bucketCount
        let loads = snapshot.nodes.map { $0.ownership.accepting.count }
        let (floor, rest) = (total / loads.count, total % loads.count)
        // Whoever has more than the floor may keep one more, as long as there are such places.
        let above = loads.filter { $0 > floor }
        let least = above.reduce(0) { $0 + $1 - floor } - min(above.count, rest)
        let plan = try? planned(.rebalance(.count, mode: .graceful), snapshot)
        #expect((plan?.moves.count ?? 0) == least)
        for ownership in (plan?.after ?? [:]).values {
            #expect((floor...(floor + (rest > 0 ? 1 : 0))).contains(ownership.accepting.count))
        }
    }

    @Test(arguments: 0..<300) func `repair and take-over end every orphan and conflict`(seed: Int) throws {
        var numbers = SplitMix(seed: UInt64(seed))
        var snapshot = Self.random(&numbers)
        let total = snapshot.configuration.bucketCount
        for _ in 0..<Int.random(in: 1...10, using: &numbers) {
            let node = Int.random(in: 0..<snapshot.nodes.count, using: &numbers)
            let state: BucketState? = Bool.random(using: &numbers) ? .owned : nil
            snapshot.nodes[node].sample?.ownership.set(Int.random(in: 1...total, using: &numbers), to: state)
        }
        let broken = ClusterSnapshot(configuration: snapshot.configuration, nodes: snapshot.nodes)
        let plan = try? planned(.repair, broken)
        #expect((plan == nil) == broken.coverage.isWhole)
        if let plan { #expect(Self.isWhole(plan, total)) }

        var nodes = Self.random(&numbers).nodes
        nodes[0].state = .unreachable
        let configuration = nodes[0].sample?.configuration ?? snapshot.configuration
        let bereft = ClusterSnapshot(configuration: configuration, nodes: nodes)
        guard let plan = try? planned(.takeOver("node1", to: nil), bereft) else { return }
        #expect(
            Coverage(
                bucketCount: configuration.bucketCount,
                ownerships: plan.after.filter { $0.key != "node1" }.map(\.value)
            ).isWhole)
    }
}
