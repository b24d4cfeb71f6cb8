import Testing

@testable import Responsibility

@Suite("nftables' jhash in bulk")
struct NftBulkTests {
    /// Flows of TCP and UDP, or of TCP alone, with random ends.
    private func batch(_ count: Int, udp: Bool = true) -> FlowBatch {
        var random = SplitMix(state: 37)
        var batch = FlowBatch()
        let packets = (0..<count).map { _ in
            let flow = Flow(
                transport: udp && Bool.random(using: &random) ? .udp : .tcp,
                source: IPv4Address(number: UInt32.random(in: 0 ... .max, using: &random)),
                sourcePort: UInt16.random(in: 0 ... .max, using: &random),
                destination: IPv4Address(number: UInt32.random(in: 0 ... .max, using: &random)),
                destinationPort: UInt16.random(in: 0 ... .max, using: &random))
            return (flow: flow, length: UInt32(60))
        }
        packets.withUnsafeBufferPointer { batch.append(packets: $0) }
        return batch
    }

    @Test(arguments: [
        "ip saddr", "ip daddr", "th sport", "th dport", "ip saddr . th sport", "ip saddr . ip daddr",
        "ip saddr . th sport . th dport", "ip saddr . th sport . ip daddr . th dport", "ct original saddr . th dport",
        "ip protocol", "meta l4proto . ip saddr . th dport", "ct original ip saddr . ct original ip daddr",
        "ip daddr . ip saddr . th sport . th dport . ip daddr . th sport . ip saddr",
    ])
    func everyFieldListGivesWhatSingleFlowsGive(fields: String) throws {
        let flows = batch(1003)
        for order in ByteOrder.allCases {
            let hash = try NftHash(parsing: "jhash \(fields) mod 1021 seed 0xdeadbe01 offset 7", byteOrder: order)
            let results = try #require(HashScheme.nft(hash).bulkBuckets(of: flows))
            let expected = try (0..<flows.count).map { UInt32(try hash.value(of: IPFlow(flows[$0]))) }
            #expect(results == expected)
        }
    }

    @Test func flowsThatARuleDoesNotMatchAreLeftToTheSingleWay() throws {
        let tcp = try NftHash(parsing: "jhash ip saddr . tcp sport mod 4 seed 1")
        #expect(tcp.results(of: batch(50)) == nil)
        #expect(tcp.results(of: batch(50, udp: false))?.count == 50)
        #expect(try NftHash(parsing: "jhash ip6 saddr mod 4 seed 1").results(of: batch(2)) == nil)
        #expect(try NftHash(parsing: "jhash ip saddr mod 4").results(of: batch(2)) == nil)
        #expect(tcp.results(of: FlowBatch()) == [])
    }
}
