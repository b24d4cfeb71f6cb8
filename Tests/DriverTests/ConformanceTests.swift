import ClusterModel
import NodeDriver
import Responsibility
import Testing

/// What every driver does alike.
@Suite struct ConformanceTests {
    @Test(arguments: Rig.Kind.allCases, HashMode.allCases)
    func placesAndCountsPackets(_ kind: Rig.Kind, _ mode: HashMode) throws {
        try Rig.run(kind) { rig in
            let configuration = ClusterConfiguration.example(mode: mode)
            try rig.driver.install(configuration, owned: [1, 2, 3, 7, 16])
            try rig.resolve()
            let flows = Traffic.flows(.udp, 400) + Traffic.flows(.icmp, 100)
            try rig.send(flows)
            let expected = Traffic.expected(flows, configuration, accepting: [1, 2, 3, 7, 16])
            #expect(try rig.counters(arrived: flows.count).packets == expected.packets)
        }
    }

    @Test(arguments: Rig.Kind.allCases)
    func readsBackWhatWasInstalled(_ kind: Rig.Kind) throws {
        try Rig.run(kind) { rig in
            let configuration = ClusterConfiguration.example(mode: .sourceIP, bucketCount: 700, seed: .max)
            let owned = BucketSet([1, 64, 65, 700])
            try rig.driver.install(configuration, owned: owned)
            let cluster = try #require(try rig.driver.sample().clusters.first)
            #expect(cluster.configuration == configuration)
            #expect(cluster.driver == kind.rawValue)
            #expect(cluster.ownership == Ownership(owned: owned))
            #expect(cluster.counters.count == 700)
            #expect(cluster.alterations == [])
            #expect(cluster.health.isGood)
            let operations = try rig.driver.operations(of: configuration.address)
            #expect(operations.count == 700 && Set(operations.values).count == 1)
            #expect(try #require(operations[1]).wholeMatch(of: /install-[0-9a-f]{16}/) != nil)
        }
    }

    @Test(arguments: Rig.Kind.allCases)
    func aStepForTheTableOfBeforeIsRefusedByTheNextOne(_ kind: Rig.Kind) throws {
        try Rig.run(kind) { rig in
            try rig.driver.install(.example(), owned: [])
            let author = try rig.driver.operations(of: Traffic.cluster)[3]
            let mark = StepRequest(
                operation: "mine", address: Traffic.cluster,
                changes: [.init(bucket: 3, from: nil, to: nil, by: author)])
            #expect(try rig.driver.apply(mark) == .applied)
            try rig.driver.uninstall(Traffic.cluster)
            try rig.driver.install(.example(), owned: [])
            let next = try rig.driver.operations(of: Traffic.cluster)[3]
            let mismatch = StepOutcome.Mismatch(bucket: 3, expected: nil, found: nil, writtenBy: next)
            #expect(next != author)
            #expect(try rig.driver.apply(mark) == .refused([mismatch]))
        }
    }

    @Test(arguments: Rig.Kind.allCases)
    func keepsSeveralAddressesApart(_ kind: Rig.Kind) throws {
        try Rig.run(kind) { rig in
            let second = IPAddress(10, 8, 0, 2)
            try rig.driver.install(.example(address: second, bucketCount: 4), owned: [4])
            try rig.driver.install(.example(), owned: [1])
            try rig.change(1, from: .owned, to: .draining)
            let clusters = try rig.driver.sample().clusters
            #expect(clusters.map(\.configuration.address) == [Traffic.cluster, second])
            #expect(clusters.map(\.ownership) == [Ownership(draining: [1]), Ownership(owned: [4])])
            try rig.driver.uninstall(second)
            #expect(try rig.driver.sample().clusters.map(\.health.isGood) == [true])
        }
    }

    @Test(arguments: Rig.Kind.allCases)
    func uninstallLeavesNothing(_ kind: Rig.Kind) throws {
        try Rig.run(kind) { rig in
            let before = try rig.fingerprint()
            try rig.driver.install(.example(), owned: [1])
            #expect(try rig.fingerprint() != before)
            try rig.driver.uninstall(Traffic.cluster)
            #expect(try rig.fingerprint() == before)
            #expect(try rig.driver.sample().clusters.isEmpty)
        }
    }

    @Test(arguments: Rig.Kind.allCases)
    func movesDoNotTouchCounters(_ kind: Rig.Kind) throws {
        try Rig.run(kind) { rig in
            let configuration = ClusterConfiguration.example()
            let all = BucketSet(1...16)
            try rig.driver.install(configuration, owned: all)
            try rig.resolve()
            let flows = Traffic.flows(.udp, 200)
            try rig.send(flows)
            let before = try rig.counters(arrived: flows.count)
            for bucket in all { try rig.change(bucket, from: .owned, to: .draining) }
            for bucket in all { try rig.change(bucket, from: .draining, to: nil) }
            for bucket in all { try rig.change(bucket, from: nil, to: .adopted) }
            #expect(try rig.counters(arrived: flows.count) == before)
            for bucket in all { try rig.change(bucket, from: .adopted, to: nil) }
            try rig.send(flows)
            let after = try rig.counters(arrived: 2 * flows.count)
            #expect(after.map(\.accepted) == before.map(\.accepted))
            #expect(after.map(\.arrived?.packets) == before.map { 2 * ($0.arrived?.packets ?? 0) })
        }
    }

    @Test(arguments: Rig.Kind.allCases)
    func changesStatesAsOneWhole(_ kind: Rig.Kind) throws {
        try Rig.run(kind) { rig in
            try rig.driver.install(.example(), owned: [1, 2, 3])
            var operations = try rig.driver.operations(of: Traffic.cluster)
            let step = StepRequest(
                operation: "move-7", address: Traffic.cluster,
                changes: [
                    .init(bucket: 1, from: .owned, to: .draining), .init(bucket: 2, from: .owned, to: nil),
                    .init(bucket: 9, from: nil, to: .adopted), .init(bucket: 10, from: nil, to: .owned),
                ])
            #expect(try rig.driver.apply(step) == .applied)
            let wanted = Ownership(owned: [3, 10], draining: [1], adopted: [9])
            #expect(try rig.driver.sample().clusters.first?.ownership == wanted)
            for bucket in [1, 2, 9, 10] { operations[bucket] = "move-7" }
            #expect(try rig.driver.operations(of: Traffic.cluster) == operations)
        }
    }

    @Test(arguments: Rig.Kind.allCases)
    func refusesAStepAsAWholeAndNamesTheAuthor(_ kind: Rig.Kind) throws {
        try Rig.run(kind) { rig in
            try rig.driver.install(.example(), owned: [1, 2])
            try rig.change(2, from: .owned, to: nil, operation: "other")
            let before = try rig.fingerprint()
            let step = StepRequest(
                operation: "mine", address: Traffic.cluster,
                changes: [.init(bucket: 1, from: .owned, to: .draining), .init(bucket: 2, from: .owned, to: .draining)])
            let mismatch = StepOutcome.Mismatch(bucket: 2, expected: .owned, found: nil, writtenBy: "other")
            #expect(try rig.driver.apply(step) == .refused([mismatch]))
            #expect(try rig.fingerprint() == before)
        }
    }

    @Test(arguments: Rig.Kind.allCases, [BucketState?.some(.draining), .some(.adopted), .none])
    func aStepSentAgainCountsAsApplied(_ kind: Rig.Kind, _ state: BucketState?) throws {
        try Rig.run(kind) { rig in
            try rig.driver.install(.example(), owned: [1])
            #expect(try rig.change(1, from: .owned, to: state, operation: "mine") == .applied)
            let generation = try rig.driver.sample().generation
            #expect(try rig.change(1, from: .owned, to: state, operation: "mine") == .applied)
            #expect(try rig.driver.sample().generation == generation)
            let mismatch = StepOutcome.Mismatch(bucket: 1, expected: .owned, found: state, writtenBy: "mine")
            #expect(try rig.change(1, from: .owned, to: state, operation: "other") == .refused([mismatch]))
        }
    }

    @Test(arguments: Rig.Kind.allCases)
    func anUnknownAddressIsNotFound(_ kind: Rig.Kind) throws {
        try Rig.run(kind) { rig in
            let text = "This node has no cluster address 10.8.0.1; install it first."
            let error = DriverError(.notFound, text)
            #expect(throws: error) { try rig.change(1, from: nil, to: .owned) }
            #expect(throws: error) { try rig.driver.uninstall(Traffic.cluster) }
            #expect(throws: error) { try rig.node.connections(of: Traffic.cluster) }
            #expect(throws: error) { try rig.driver.operations(of: Traffic.cluster) }
        }
    }
}
