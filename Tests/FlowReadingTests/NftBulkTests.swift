import Responsibility
import TestSupport
import Testing

@testable import FlowReading

@Suite("nftables' jhash in bulk")
struct NftBulkTests {
    /// Flows of TCP and UDP, or of TCP alone, with random ends.
    private func batch(_ count: Int, udp: Bool = true) -> FlowBatch {
        var random = SplitMix(seed: 37)
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
            let expected = try (0..<flows.count).map { UInt32(try hash.value(of: flows[$0])) }
            #expect(results == expected)
        }
    }

    @Test(arguments: ["ip saddr . tcp sport", "udp dport", "ip6 saddr", "ip saddr . th sport"])
    func flowsThatCannotBePlacedAreTakenOutWithTheReasonsOfSingleFlows(fields: String) throws {
        let scheme = HashScheme.nft(try NftHash(parsing: "jhash \(fields) mod 4 seed 1 offset 1"))
        var flows = batch(300)
        for transport in [TransportProtocol.icmp, .gre, .ah, .sctp] {
            let packet = (flow: Samples.flow(transport), length: UInt32(77))
            withUnsafePointer(to: packet) { flows.append(packets: UnsafeBufferPointer(start: $0, count: 1)) }
        }
        var (expected, reasons, lines): ([UInt32], [HashSchemeError: Int], [Int]) = ([], [:], [])
        for index in 0..<flows.count {
            do throws(HashSchemeError) {
                expected.append(UInt32(try scheme.bucket(of: flows[index])))
                lines.append(flows.lines[index])
            } catch {
                reasons[error, default: 0] += 1
            }
        }
        #expect(flows.removeUnplaceable(by: scheme) == reasons)
        #expect(Array(flows.lines) == lines && flows.lengths.count == lines.count)
        #expect(scheme.bulkBuckets(of: flows) == (fields == "ip6 saddr" ? nil : expected))
        #expect(flows.removeUnplaceable(by: scheme).isEmpty)
    }

    @Test func aSummaryCountsWhatCannotBePlacedByReason() throws {
        let flows = batch(400)
        let udp = flows.transports.count { $0 == 17 }
        var summary = try FlowSummary(scheme: .nft(try NftHash(parsing: "jhash tcp sport mod 4 seed 1 offset 1")))
        summary.take(flows)
        #expect(summary.unplaced == ["\"tcp sport\" is not in a udp packet": UInt64(udp)])
        #expect(summary.total.records == UInt64(400 - udp) && summary.total.bytes == UInt64(60 * (400 - udp)))
    }

    @Test func flowsThatARuleDoesNotMatchAreLeftToTheSingleWay() throws {
        func results(_ rule: String, _ flows: FlowBatch) throws -> [UInt32]? {
            HashScheme.nft(try NftHash(parsing: rule)).bulkBuckets(of: flows)
        }
        let tcp = "jhash ip saddr . tcp sport mod 4 seed 1"
        #expect(try results(tcp, batch(50)) == nil)
        #expect(try results(tcp, batch(50, udp: false))?.count == 50)
        #expect(try results("jhash ip6 saddr mod 4 seed 1", batch(2)) == nil)
        #expect(try results("jhash ip saddr mod 4", batch(2)) == nil)
        #expect(try results(tcp, FlowBatch()) == [])
    }
}

@Suite("Keys of nftables whose bits are changed, by blocks") struct ChangedKeyTests {
    @Test func blocksArePlacedAsSingleFlows() throws {
        var parser = FlowParser()
        var batch = FlowBatch()
        let text = (0..<200).map { "tcp 10.\($0).1.\($0):\(1000 + $0) -> 10.8.0.1:80\n" }.joined()
        var copy = text
        _ = copy.withUTF8 { parser.parse(block: UnsafeRawBufferPointer($0), isLast: true, into: &batch) }
        for key in [
            "ip saddr & 255.255.0.0", "ip saddr & 0.0.255.255 ^ 1.2.3.4 . tcp sport | 1", "tcp sport >> 3", "@nh,96,64",
        ] {
            let scheme = HashScheme.nft(try NftHash(parsing: "jhash \(key) mod 16 seed 7 offset 1"))
            let single = try (0..<batch.count).map { UInt32(try scheme.bucket(of: batch[$0])) }
            #expect(scheme.bulkBuckets(of: batch) ?? single == single, "\(key)")
        }
    }
}
