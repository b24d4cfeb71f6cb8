import Foundation
import Responsibility
import Testing

@Suite("The example of the engine's documents")
struct ExampleTests {
    @Test(arguments: ["Docs/Engine.md", "Sources/Core/Responsibility/Responsibility.docc/PlacingFlows.md"])
    func theDocumentsCodeIsThisCode(_ path: String) throws {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let document = tests.appendingPathComponent("../../" + path)
        let text = try String(contentsOf: document, encoding: .utf8)
        let start = try #require(text.range(of: "/// Where the flows"))
        let end = try #require(text.range(of: "```", range: start.upperBound..<text.endIndex))
        let code = try String(contentsOfFile: #filePath, encoding: .utf8)
        #expect(code.hasSuffix(text[start.lowerBound..<end.lowerBound]))
    }

    @Test func itsResultsAreRight() throws {
        #expect(try placeSomeFlows() == [2, 11, 15, 2, 12])
    }
}

/// Where the flows of one client go: by ipt_CLUSTERIP, by xt_cluster, by a rule of nftables; one by one and in bulk.
func placeSomeFlows() throws -> [Int] {
    let placement = Placement(mode: .sourceIPSourcePort, bucketCount: 16, seed: 42, generation: .lookup3)
    let flow = Flow(
        transport: .tcp, source: IPv4Address(10, 9, 1, 2), sourcePort: 4000,
        destination: IPv4Address(10, 8, 0, 1), destinationPort: 7777)
    let one = try HashScheme.clusterIP(placement).bucket(of: flow)

    let match = ClusterMatch(bucketCount: 16, seed: 42)
    let matched = match.bucket(of: flow.source)

    let rule = try NftHash(parsing: "jhash ip saddr . tcp sport mod 16 seed 0x2a offset 1")
    let value = try HashScheme.nft(rule).bucket(of: flow)

    let buckets = try placement.buckets(
        sources: [0x0a09_0102, 0x0a09_0103], sourcePorts: [4000, 4001])

    let packet = Packet(flow: flow, connection: .established, tcpFlags: .ack)
    let verdict = ClusterIPTarget(placement: placement).decide(packet) { bucket in bucket == one }
    guard verdict.accepts, verdict.reason == .owned else { return [] }
    return [one, matched, value] + buckets.map(Int.init)
}
