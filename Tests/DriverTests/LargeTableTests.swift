import ClusterModel
import NodeDriver
import Responsibility
import Testing

@testable import Nftables

/// Tables whose counters are read over several samples.
@Suite struct LargeTableTests {
    private static let configuration = ClusterConfiguration.example(bucketCount: 32_768)

    /// A driver of a node with a large table, and the nanoseconds that pass between its samples.
    private final class Clock {
        var now: UInt64 = 1_000_000_000_000
        let driver: NftablesDriver

        init(_ driver: NftablesDriver) {
            self.driver = driver
            driver.clock = { [unowned self] in now }
        }

        /// The cluster in the sample after this many seconds.
        func sample(after seconds: UInt64 = 1) throws -> ClusterSample {
            now += seconds * 1_000_000_000
            return try #require(try driver.sample().clusters.first)
        }

        /// The first sample of the next round, and after how many it came.
        func nextRound() throws -> (sample: ClusterSample, parts: Int) {
            let last = try sample(after: 0).countedAt
            for parts in 1...32 {
                let sample = try sample()
                if sample.countedAt != last { return (sample, parts) }
            }
            throw Failure("no round ended in 32 samples")
        }
    }

    private static func run(_ body: (Rig, Clock) throws -> Void) throws {
        try Rig.run(.nftables) { rig in
            let clock = Clock(try #require(rig.driver as? NftablesDriver))
            try rig.driver.install(configuration, owned: BucketSet(1...30_000))
            try rig.resolve()
            try body(rig, clock)
        }
    }

    private func packets(_ sample: ClusterSample) -> UInt64? { sample.counters.packets(.arrived) }

    @Test func everyPacketIsInTheRoundAfterIt() throws {
        try Self.run { rig, clock in
            #expect(try packets(clock.sample()) == 0)
            try rig.send(Traffic.flows(.udp, 50))
            let first = try clock.nextRound()
            // 3 × 32,768 elements in parts of 40,960.
            #expect(first.parts == 3)
            let second = try clock.nextRound()
            #expect(packets(second.sample) == 50)
            #expect(second.sample.alterations.isEmpty)
        }
    }

    @Test func betweenRoundsTheSameIsSaidWithTheSameTime() throws {
        try Self.run { rig, clock in
            let first = try clock.nextRound().sample
            try rig.send(Traffic.flows(.udp, 5))
            let between = try clock.sample()
            #expect(between.countedAt == first.countedAt)
            #expect(between.counters == first.counters)
        }
    }

    @Test func afterALongTimeAWholeRoundIsRead() throws {
        try Self.run { rig, clock in
            _ = try clock.sample()
            try rig.send(Traffic.flows(.udp, 5))
            let sample = try clock.sample(after: 600)
            #expect(sample.countedAt == clock.now)
            #expect(packets(sample) == 5)
        }
    }

    @Test func commitsOfOthersInterruptNoRound() throws {
        try Self.run { rig, clock in
            try rig.send(Traffic.flows(.udp, 50))
            let last = try clock.sample(after: 0).countedAt
            var sample = try clock.sample()
            for number in 0..<16 where sample.countedAt == last {
                try shell("nft add table ip other\(number)")
                sample = try clock.sample()
            }
            #expect(sample.countedAt == clock.now)
            #expect(sample.alterations.isEmpty)
            #expect(packets(try clock.nextRound().sample) == 50)
        }
    }

    @Test func stepsPostponeARoundButNotForEver() throws {
        try Self.run { rig, clock in
            try rig.send(Traffic.flows(.udp, 50))
            var countedAt = Set([try clock.sample(after: 0).countedAt])
            for number in 0..<24 {
                try rig.change(number + 1, from: .owned, to: .draining, operation: "op-\(number)")
                countedAt.insert(try clock.sample().countedAt)
            }
            // A round of three parts, which would have been read eight times.
            #expect(countedAt.count == 2)
        }
    }

    @Test func aTableMadeAnewIsCountedAnew() throws {
        try Self.run { rig, clock in
            _ = try clock.sample()
            try rig.send(Traffic.flows(.udp, 50))
            _ = try clock.sample()
            try rig.driver.uninstall(Self.configuration.address)
            try rig.driver.install(Self.configuration, owned: [])
            let sample = try clock.sample(after: 0)
            #expect(packets(sample) == 0)
            #expect(sample.countedAt == clock.now)
        }
    }

    @Test func aBucketThatTheSetLacksIsToldOf() throws {
        try Self.run { rig, clock in
            _ = try clock.sample()
            try shell("nft delete element ip clusterip_10_8_0_1 dropped { 7 }")
            _ = try clock.nextRound()
            let sample = try clock.nextRound().sample
            #expect(sample.alterations.contains(.bucketsMissing(set: "dropped", [7])))
            #expect(sample.counters[6].arrived == nil)
        }
    }
}

/// The reading of a table's sets, whichever way their elements come.
@Suite struct CountingRoundTests {
    private static func round() throws -> CountingRound {
        CountingRound(of: BucketTable(settings: try TableSettings(.example(bucketCount: 4))))
    }

    private static func count(_ packets: UInt64) -> PacketCount { PacketCount(packets: packets, bytes: 100 * packets) }

    /// Reads a round whose sets `fill` gives elements, in up to so many dumps of each.
    private static func read(_ fill: (inout CountingRound, _ set: String, _ dump: Int) -> Bool) throws -> CountingRound
    {
        var round = try round()
        var dumps: [String: Int] = [:]
        while let set = round.set {
            dumps[set, default: 0] += 1
            round.endSet(isInterrupted: fill(&round, set, dumps[set] ?? 0))
        }
        #expect(dumps.values.allSatisfy { $0 <= 16 })
        return round
    }

    private static let tag =
        (try? TableSettings(.example(bucketCount: 4))).map { Int(BucketTable(settings: $0).tag) } ?? 0

    @Test func whatArrivedIsWhatWasAcceptedOrDropped() throws {
        let round = try Self.read { round, set, _ in
            for bucket in 1...4 {
                switch set {
                case "accepted": round.take(Self.tag + bucket, Self.count(3))
                case "replied": round.take(Self.tag + bucket, Self.count(2))
                case "dropped": round.take(bucket, Self.count(UInt64(bucket)))
                default: if bucket == 2 { round.take(bucket, Self.count(40)) }
                }
            }
            return false
        }
        #expect(round.counters.map(\.arrived?.packets) == [4, 45, 6, 7])
        #expect(round.counters.map(\.accepted?.packets) == [3, 43, 3, 3])
        #expect(round.counters.map(\.replied?.packets) == [2, 2, 2, 2])
        #expect(round.gaps.isEmpty)
    }

    @Test func anInterruptedDumpIsMadeAgainOnlyWhenItLacksSomething() throws {
        var dumps = 0
        let round = try Self.read { round, set, dump in
            guard set == "dropped" else {
                for bucket in 1...4 { round.take(set == "unmarked" ? bucket : Self.tag + bucket, Self.count(1)) }
                return set != "unmarked"
            }
            dumps = dump
            for bucket in 1...4 where bucket != 3 || dump == 5 { round.take(bucket, Self.count(1)) }
            return true
        }
        #expect(dumps == 5)
        #expect(round.gaps.isEmpty)
    }

    @Test func whatIsNeverThereIsMissingAtLast() throws {
        let round = try Self.read { round, set, _ in
            for bucket in [1, 2, 4] { round.take(set == "dropped" ? bucket : Self.tag + bucket, Self.count(1)) }
            return true
        }
        #expect(
            round.gaps == ["accepted", "dropped", "replied"].map { .bucketsMissing(set: $0, [3]) })
        #expect(round.counters[2] == BucketCounters())
    }

    @Test func keysOfNoBucketAreLetFall() throws {
        let round = try Self.read { round, _, _ in
            for key in [0, 5, Self.tag, Self.tag + 5, Int(UInt32.max)] { round.take(key, Self.count(9)) }
            return false
        }
        #expect(round.counters.allSatisfy { $0 == BucketCounters() })
    }
}
