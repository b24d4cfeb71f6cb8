import ClusterModel
import FoundationEssentials
import Responsibility
import Testing

/// The settings as JSON: in today's form, in that of 0.1, and in forms that nobody may send.
struct ConfigurationCodingTests {
    private static func configuration(_ address: IPAddress, _ scheme: HashScheme) -> ClusterConfiguration {
        ClusterConfiguration(
            name: "web", address: address, prefixLength: 24, interface: "eth0",
            mac: MACAddress(number: 0x0100_5e08_0001), scheme: scheme)
    }

    private static let schemes: [HashScheme] = [
        .clusterIP(Placement(mode: .sourceIPSourcePort, bucketCount: 16, seed: 42)),
        .clusterIP(
            Placement(mode: .sourceIP, bucketCount: 2, seed: .max, generation: .lookup3WithoutLength, byteOrder: .big)),
        .clusterMatch(ClusterMatch(bucketCount: 32, seed: 7, generation: .lookup2, byteOrder: .big)),
    ]

    @Test(arguments: schemes, [IPAddress(10, 8, 0, 1), .v6(IPv6Address(high: 0x2001_0db8 << 32, low: 1))])
    func `every scheme and family comes back as it was`(scheme: HashScheme, address: IPAddress) throws {
        let before = Self.configuration(address, scheme)
        let text = try JSONEncoder().encode(before)
        #expect(try JSONDecoder().decode(ClusterConfiguration.self, from: text) == before)
    }

    @Test(arguments: [ByteOrder.little, .big])
    func `an nftables expression comes back as it was`(byteOrder: ByteOrder) throws {
        let expression = try NftHash(
            fields: [.ipSource, .tcpSourcePort], modulus: 4, seed: 7, offset: 1, byteOrder: byteOrder)
        let text = try JSONEncoder().encode(HashScheme.nft(expression))
        #expect(try JSONDecoder().decode(HashScheme.self, from: text) == .nft(expression))
    }

    @Test func `what is as usual is left out`() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(
            String(decoding: try encoder.encode(Self.schemes[0]), as: UTF8.self)
                == #"{"buckets":16,"kind":"clusterip","mode":"sourceip-sourceport","seed":42}"#)
    }

    @Test func `the form of 0.1 is read`() throws {
        let text = """
            {"name":"web","address":"10.8.0.1","prefix_length":24,"interface":"eth0","mac":"01:00:5e:08:00:01",\
            "hash_mode":"sourceip-sourceport","total_nodes":16,"hash_init":42}
            """
        let read = try JSONDecoder().decode(ClusterConfiguration.self, from: Data(text.utf8))
        #expect(read == Self.configuration(IPAddress(10, 8, 0, 1), Self.schemes[0]))
    }

    @Test(arguments: [
        #"{"kind":"symhash","buckets":4,"seed":1}"#, #"{"kind":"clusterip","buckets":4,"seed":1}"#,
        #"{"kind":"clusterip","mode":"sourceip","buckets":-1,"seed":1}"#,
        #"{"kind":"cluster-match","buckets":4294967296,"seed":1}"#,
        #"{"kind":"nft","expression":"jhash ip saddr mod 0 seed 1"}"#,
    ])
    func `a scheme that cannot be is refused`(text: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(HashScheme.self, from: Data(text.utf8)) }
    }
}
