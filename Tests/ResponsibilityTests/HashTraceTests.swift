import Responsibility
import Testing

@Suite("How a flow comes to its bucket")
struct HashTraceTests {
    @Test func everyWordAndTheMultiplicationAreShown() throws {
        let placement = Placement(mode: .sourceIPSourcePortDestinationPort, bucketCount: 16, seed: 0)
        let trace = try #require(placement.trace(of: Samples.flow()))
        #expect(trace.words.map(\.value) == [0xc000_0201, 0x409c, 0xbb01])
        #expect(trace.words.map(\.name) == ["source address", "source port", "destination port"])
        #expect(trace.hash == 0x6941_e907 && trace.product == 0x6_941e_9070 && trace.bucket == 7)
    }

    @Test func aProtocolWithoutPortsSaysSo() throws {
        let placement = Placement(mode: .sourceIPSourcePort, bucketCount: 4, seed: 0)
        let trace = try #require(placement.trace(of: Samples.flow(.icmp)))
        #expect(trace.words.count == 2 && trace.words[1].value == 0)
        #expect(trace.words[1].origin == "0, because icmp is hashed without ports")
    }

    @Test func theClusterMatchShowsItsIPv6Bug() throws {
        let match = ClusterMatch(bucketCount: 4, seed: 1)
        let trace = match.trace(of: try #require(IPAddress("2001:db8::1")))
        #expect(trace.words[0].value == 0xb80d_0120 && trace.words[0].origin.contains("only its first four"))
        #expect(trace.bucket == match.bucket(of: try #require(IPAddress("2001:db8::7"))))
    }
}
