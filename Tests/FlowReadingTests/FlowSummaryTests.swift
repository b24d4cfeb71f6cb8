import Responsibility
import TestSupport
import Testing

@testable import FlowReading

@Suite("Summing up flows")
struct FlowSummaryTests {
    private static let scheme = HashScheme.clusterIP(
        Placement(mode: .sourceIPSourcePort, bucketCount: 16, seed: 42))

    private static func summary(
        _ text: String, _ scheme: HashScheme = scheme, comparedWith other: HashScheme? = nil
    ) throws -> FlowSummary {
        var summary = try FlowSummary(scheme: scheme, comparedWith: other)
        var parser = FlowParser()
        var batch = FlowBatch()
        var text = text
        text.withUTF8 { _ = parser.parse(block: UnsafeRawBufferPointer($0), isLast: true, into: &batch) }
        summary.take(batch)
        return summary
    }

    private static func line(_ number: Int) -> String {
        "tcp 10.\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255):\(1024 + number % 60000) -> 10.8.0.1:80\n"
    }

    @Test func everyLineIsCountedInTheBucketOfItsFlow() throws {
        let lines = (0..<500).map(Self.line)
        let summary = try Self.summary(lines.joined() + lines[..<100].joined())
        var expected = [UInt64](repeating: 0, count: 16)
        for index in Array(0..<500) + Array(0..<100) {
            guard case .flow(let record) = FlowParser.once(lines[index]) else { continue }
            expected[try Self.scheme.bucket(of: record.flow) - 1] += 1
        }
        #expect(summary.buckets.map(\.records) == expected)
        #expect(summary.total.flows == 500)
        #expect(summary.distinct.isExact && summary.sources.slack == 0)
    }

    @Test func whatLinesCountThemselvesIsAdded() throws {
        let entry = "tcp 6 9 ESTABLISHED src=10.0.0.1 dst=10.8.0.1 sport=1 dport=80 packets=5 bytes=700 mark=2\n"
        let total = try Self.summary(entry + entry + Self.line(1)).total
        #expect((total.records, total.flows, total.packets, total.bytes) == (3, 2, 10, 1400))
        let most = "tcp 6 9 src=10.0.0.1 dst=10.8.0.1 sport=1 dport=80 packets=18446744073709551615 bytes=1\n"
        #expect(try Self.summary(most + most).total.packets == .max)
    }

    @Test func distinctFlowsAreEstimatedBeyondTheRoomWithAnHonestError() throws {
        var distinct = DistinctFlows()
        let flows: UInt64 = 1_000_000
        for number in 0..<flows {
            let fingerprint = Fingerprint.mix(number, 7)
            for _ in 0..<2 { distinct.insert(fingerprint, bucket: UInt32(number % 4) + 1, other: 0) }
        }
        #expect(!distinct.isExact && distinct.kept < DistinctFlows.capacity)
        let difference = Double(distinct.count) - Double(flows)
        #expect(abs(difference) < 5 * distinct.variance(of: flows).squareRoot())
        var first: UInt64 = 0
        distinct.forEach { if $0.bucket == 1 { first += distinct.scale } }
        #expect(abs(Double(first) - 250_000) < 5 * distinct.variance(of: 250_000).squareRoot())
    }

    @Test func theKeptFlowsAreExactlyThoseWhoseFingerprintsTheScaleKeeps() {
        var distinct = DistinctFlows()
        let fingerprints = (0..<UInt64(600_000)).map { Fingerprint.mix($0 % 500_000, 11) }
        for start in stride(from: 0, to: fingerprints.count, by: 1000) {
            let flows = (start..<start + 1000).map { index in
                DistinctFlows.Slot(
                    fingerprint: fingerprints[index], sample: .init(bucket: UInt32(index % 500_000), other: 3))
            }
            flows.withUnsafeBufferPointer { distinct.insert($0) }
        }
        var kept: [UInt32] = []
        distinct.forEach { if $0.other == 3 { kept.append($0.bucket) } }
        let expected = (0..<500_000).filter { fingerprints[$0] & (distinct.scale - 1) == 0 }.map { UInt32($0) }
        #expect(distinct.scale == 4 && distinct.kept == expected.count && kept.sorted() == expected)
    }

    @Test func theCountIsExactUpToOneFlowBeforeTheRoomIsFull() {
        var distinct = DistinctFlows()
        for number in 1..<UInt64(DistinctFlows.capacity) {
            distinct.insert(Fingerprint.mix(number, 3), bucket: 1, other: 0)
        }
        #expect(distinct.isExact && distinct.count == UInt64(DistinctFlows.capacity - 1))
        distinct.insert(0, bucket: 1, other: 0)
        #expect(!distinct.isExact && distinct.scale == 2)
    }

    @Test func heavySourcesAreFoundAmongManyLightOnes() throws {
        var sources = HeavySources()
        for number in 0..<UInt32(400_000) {
            sources.insert(0x0a00_0000 | number)
            if number % 20 == 0 { sources.insert(0x0b00_0001) }
            if number % 50 == 0 { sources.insert(.v6(IPv6Address(high: 1, low: 2))) }
        }
        let top = sources.top(2)
        #expect(top.map(\.source) == [.v4(IPv4Address(number: 0x0b00_0001)), .v6(IPv6Address(high: 1, low: 2))])
        for (entry, count) in zip(top, [UInt64(20_000), 8_000]) {
            #expect(entry.count <= count && entry.count + sources.slack >= count)
        }
    }

    @Test func sourcesInBulkAreCountedAsOneByOne() {
        var random = SplitMix(seed: 13)
        let list = (0..<60_000).map { _ in UInt32(truncatingIfNeeded: random.next()) % 9_000 }
        var (bulk, single) = (HeavySources(), HeavySources())
        for source in list { single.insert(source) }
        list.withUnsafeBufferPointer { bulk.insert($0) }
        #expect(bulk.slack == single.slack && bulk.slack > 0 && bulk.top(9_000) == single.top(9_000))
    }

    @Test func sourcesThatAreAllDifferentLoseOneEach() {
        var sources = HeavySources()
        for number in 0..<UInt32(HeavySources.capacity) { sources.insert(number) }
        #expect(sources.slack == 1 && sources.top(1).isEmpty)
    }

    @Test func anExactCountHasNoVariance() { #expect(DistinctFlows().variance(of: 9) == 0) }

    @Test func rowsMayHaveBucketsBeyondTheSchemes() throws {
        let own = Placement(mode: .sourceIPSourcePort, bucketCount: 2, seed: 42)
        let port = try #require((1...99).first { own.bucket(of: Samples.flow(port: $0)) == 2 })
        let text = """
            protocol,source,source_port,destination,destination_port,total_nodes
            tcp,\(Samples.client),\(port),\(Samples.cluster),443,2
            """
        let one = HashScheme.clusterIP(Placement(mode: .sourceIPSourcePort, bucketCount: 1, seed: 42))
        #expect(try Self.summary(text, one).buckets.map(\.records) == [0, 1])
    }

    @Test func sixteenReasonsAreNamedAndTheOthersTogether() throws {
        let scheme = HashScheme.nft(try NftHash(parsing: "jhash tcp sport mod 4 seed 1 offset 1"))
        let text = (100..<120).map { "\($0) 10.0.0.1 -> 10.8.0.1\n" }.joined()
        let unplaced = try Self.summary(text, scheme).unplaced
        #expect(unplaced.count == 17 && unplaced["other reasons"] == 4)
    }

    @Test func eachDistinctFlowIsPlacedByBothSchemes() throws {
        let other = HashScheme.clusterMatch(ClusterMatch(bucketCount: 8, seed: 1))
        let text = (0..<300).map(Self.line).joined()
        var seen = 0
        try Self.summary(text + text, comparedWith: other).distinct.forEach { sample in
            seen += 1
            #expect((1...16).contains(sample.bucket) && (1...8).contains(sample.other))
        }
        #expect(seen == 300)
    }

    @Test func rowsWithTheirOwnPlacementAndNftablesAreSummedOneByOne() throws {
        let text = """
            protocol,source,source_port,destination,destination_port,total_nodes
            tcp,10.0.0.1,1,10.8.0.1,80,1
            tcp,10.0.0.2,1,10.8.0.1,80,1
            tcp,2001:db8::1,1,2001:db8::2,80,1
            """
        let summary = try Self.summary(text)
        #expect(summary.buckets[0].records == 2)
        #expect(summary.unplaced.values.reduce(0, +) == 1)
        let nft = HashScheme.nft(try NftHash(parsing: "jhash ip6 saddr . tcp sport mod 4 seed 1 offset 0"))
        let six = try Self.summary("tcp [2001:db8::1]:1 -> [2001:db8::2]:80\nudp 10.0.0.1:1 -> 10.8.0.1:2\n", nft)
        #expect(six.total.records == 1 && six.unplaced.values.reduce(0, +) == 1)
        #expect(throws: FlowSummaryError.buckets(0)) {
            try FlowSummary(scheme: .clusterMatch(ClusterMatch(bucketCount: 0, seed: 1)))
        }
    }
}

extension FlowParser {
    fileprivate static func once(_ line: String) -> FlowLine {
        var parser = FlowParser()
        return parser.parse(String(line.dropLast()))
    }
}
