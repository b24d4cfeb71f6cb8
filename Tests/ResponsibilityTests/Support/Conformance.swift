import Foundation
import Responsibility
import Testing

/// The data recorded from real kernels, bundled with the tests.
enum Conformance {
    static func data(_ name: String) throws -> Data {
        let url = try #require(Bundle.module.resourceURL).appendingPathComponent("Data").appendingPathComponent(name)
        return try Data(contentsOf: url)
    }

    static func text(_ name: String) throws -> String { String(decoding: try data(name), as: UTF8.self) }

    /// A flow that a real 6.1 kernel placed.
    struct KernelFlow {
        var placement: Placement
        var flow: Flow
        var bucket: Int
    }

    static func kernelFlows() throws -> [KernelFlow] {
        try text("legacy-kernel-flows.csv").split(separator: "\n").dropFirst().map { line in
            let cells = line.split(separator: ",").map(String.init)
            return KernelFlow(
                placement: Placement(
                    mode: try #require(HashMode(rawValue: cells[0])), bucketCount: try #require(UInt32(cells[1])),
                    seed: try #require(UInt32(cells[2]))),
                flow: Flow(
                    transport: try #require(TransportProtocol(cells[3])), source: try #require(IPv4Address(cells[4])),
                    sourcePort: try #require(UInt16(cells[5])), destination: try #require(IPv4Address(cells[6])),
                    destinationPort: try #require(UInt16(cells[7]))),
                bucket: try #require(Int(cells[8])))
        }
    }

    /// A packet that a real 6.18 kernel placed, by an expression of nftables or by "cluster-match N SEED".
    struct NftablesFlow {
        var scheme: HashScheme
        var flow: Flow
        var value: Int
    }

    static func nftablesFlows() throws -> [NftablesFlow] {
        try text("nftables-kernel-flows.csv").split(separator: "\n").dropFirst().map { line in
            let cells = line.split(separator: ",").map(String.init)
            return NftablesFlow(
                scheme: try scheme(cells[0]),
                flow: Flow(
                    transport: try #require(TransportProtocol(cells[1])), source: try #require(IPAddress(cells[2])),
                    sourcePort: try #require(UInt16(cells[3])), destination: try #require(IPAddress(cells[4])),
                    destinationPort: try #require(UInt16(cells[5]))),
                value: try #require(Int(cells[6])))
        }
    }

    private static func scheme(_ text: String) throws -> HashScheme {
        let words = text.split(separator: " ")
        guard words[0] == "cluster-match" else { return .nft(try NftHash(parsing: text)) }
        return .clusterMatch(
            ClusterMatch(bucketCount: try #require(UInt32(words[1])), seed: try #require(UInt32(words[2]))))
    }

    /// An entry of vectors.json.
    struct Vector: Decodable {
        var fn: String
        var mode: HashMode?
        var gen: String
        var endian: String
        var src: String
        var sport: UInt16?
        var dport: UInt16?
        var `init`: UInt32?
        var seed: UInt32?
        var hash: String
        var node: [String: Int]

        var generation: JhashGeneration { ["L2": .lookup2, "L3old": .lookup3WithoutLength][gen] ?? .lookup3 }
        var byteOrder: ByteOrder { endian == "be" ? .big : .little }
    }

    static func vectors() throws -> [Vector] {
        struct File: Decodable { var vectors: [Vector] }
        return try JSONDecoder().decode(File.self, from: try data("vectors.json")).vectors
    }
}
