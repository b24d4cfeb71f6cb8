import Responsibility
import Testing

@Suite("Flows placed by real kernels and by their source")
struct ConformanceTests {
    @Test func all6000FlowsOfARealKernelAreInTheirBuckets() throws {
        let flows = try Conformance.kernelFlows()
        #expect(flows.count == 6000)
        let wrong = flows.count { $0.placement.bucket(of: $0.flow) != $0.bucket }
        #expect(wrong == 0)
    }

    /// By nft's own rules and by iptables' xt_cluster, over many field lists and both address families.
    @Test func all1400PacketsOfNftablesAndXtClusterOnLinux618AreWhereTheyWere() throws {
        let flows = try Conformance.nftablesFlows()
        #expect(flows.count == 1400)
        for flow in flows { #expect(try flow.scheme.bucket(of: flow.flow) == flow.value, "\(flow)") }
    }

    @Test func allVectorsAreReproduced() throws {
        let vectors = try Conformance.vectors()
        #expect(vectors.count == 446)
        for vector in vectors {
            for (total, bucket) in vector.node {
                let result = try place(vector, total: try #require(UInt32(total)))
                #expect("0x" + hex(result.hash) == vector.hash, "\(vector)")
                #expect(result.bucket == bucket, "\(vector)")
            }
        }
    }

    private func place(_ vector: Conformance.Vector, total: UInt32) throws -> (hash: UInt32, bucket: Int) {
        let source = try #require(IPAddress(vector.src))
        let flow = Flow(
            transport: .tcp, source: source, sourcePort: vector.sport ?? 0, destination: source,
            destinationPort: vector.dport ?? 0)
        switch vector.fn {
        case "CLUSTERIP":
            let placement = Placement(
                mode: try #require(vector.mode), bucketCount: total, seed: try #require(vector.`init`),
                generation: vector.generation, byteOrder: vector.byteOrder)
            return (try #require(placement.hash(of: flow)), try #require(placement.bucket(of: flow)))
        case "xt_cluster_v6_first_32_bits_only":
            return matched(vector, source, total)
        case "nft_jhash_saddr_and_xt_cluster_v4":
            let match = matched(vector, source, total)
            #expect(match == (try nft([.ipSource], vector, flow, total)))
            return match
        case "nft_jhash_saddr":
            return try nft([.ip6Source], vector, flow, total)
        default:
            #expect(vector.fn == "nft_jhash_saddr.sport")
            return try nft([.ipSource, .tcpSourcePort], vector, flow, total)
        }
    }

    private func matched(_ vector: Conformance.Vector, _ source: IPAddress, _ total: UInt32) -> (UInt32, Int) {
        let match = ClusterMatch(bucketCount: total, seed: vector.seed ?? 0, generation: vector.generation)
        return (match.hash(of: source), match.bucket(of: source))
    }

    private func nft(
        _ fields: [NftKeyField], _ vector: Conformance.Vector, _ flow: Flow, _ total: UInt32
    ) throws -> (UInt32, Int) {
        let expression = try NftHash(fields: fields, modulus: total, seed: vector.seed, offset: 1)
        return (try expression.hash(of: flow), try expression.value(of: flow))
    }

    private func hex(_ number: UInt32) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
