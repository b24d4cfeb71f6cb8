import Responsibility
import Testing

@Suite("Addresses, protocols and versions as text")
struct AddressTests {
    @Test(arguments: [
        ("2001:db8::1", "2001:db8::1"), ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"), ("::", "::"), ("::1", "::1"),
        ("1::", "1::"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
        ("1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8"), ("::ffff:1.2.3.4", "::ffff:1.2.3.4"),
        ("64:ff9b::1.2.3.4", "64:ff9b::102:304"),
        ("1:2:3:4:5:6::", "1:2:3:4:5:6::"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
    ])
    func ipv6TextIsReadAndShortened(text: String, canonical: String) {
        #expect(IPv6Address(text)?.description == canonical)
    }

    @Test(arguments: [
        "", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "::g", "::1.2.3", "1.2.3.4::",
        "::1%lo", "1:2:3:4:5:6:7:8::", ":1::", "1:", "::1:", "1:2:3:4:5:6:7:1.2.3.4",
    ])
    func textThatIsNoIPv6AddressIsRefused(text: String) {
        #expect(IPv6Address(text) == nil)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", "+1.2.3.4", "1..2.3", "1.2.3.", "a.b.c.d",
    ])
    func textThatIsNoIPv4AddressIsRefused(text: String) {
        #expect(IPv4Address(text) == nil)
    }

    @Test func wordsAndBytesAreInNetworkOrder() throws {
        let address = try #require(IPv6Address("2001:db8:1:2:3:4:5:6"))
        #expect(address.words == [0x2001_0db8, 0x0001_0002, 0x0003_0004, 0x0005_0006])
        #expect(address.bytes.prefix(4) == [0x20, 0x01, 0x0d, 0xb8])
        #expect(try #require(IPv6Address("::2")) < address)
    }

    @Test(arguments: [
        ("6.1.0-56-cloud-amd64", LinuxVersion(6, 1)), ("3.10.0-1160.el7.x86_64", LinuxVersion(3, 10)),
        ("2.6.37", LinuxVersion(2, 6, 37)), ("4.19", LinuxVersion(4, 19)),
        ("5.15.167.4-microsoft", LinuxVersion(5, 15, 167)),
    ])
    func kernelReleasesAreRead(text: String, version: LinuxVersion) {
        #expect(LinuxVersion(text) == version)
    }

    @Test func textThatIsNoKernelReleaseIsRefused() {
        for text in ["", "6", "x.y", "-1.2", "99999999999.1", "6."] { #expect(LinuxVersion(text) == nil, "\(text)") }
    }

    @Test(arguments: [
        (LinuxVersion(2, 6, 36), JhashGeneration.lookup2), (LinuxVersion(2, 6, 37), .lookup3WithoutLength),
        (LinuxVersion(4, 0, 9), .lookup3WithoutLength), (LinuxVersion(4, 1), .lookup3), (LinuxVersion(6, 18), .lookup3),
    ])
    func theGenerationFollowsFromTheVersion(version: LinuxVersion, generation: JhashGeneration) {
        #expect(JhashGeneration(of: version) == generation)
    }

    @Test(arguments: [
        ("jhash ip saddr . th sport . th dport mod 16 seed 0x7 offset 1", nil), ("ip6 saddr mod 4 seed 7", nil),
        ("jhash ct original saddr mod 4 seed 0x1", nil), ("jhash ip saddr mod 0 seed 1", NftHashError.zeroModulus),
        ("jhash ip saddr seed 1", .zeroModulus), ("jhash ip saddr mod 2 seed 1 offset 4294967295", .rangeTooLarge),
        ("jhash ip saddr mod 4 seed x", .unreadable("x")), ("jhash ip ttl mod 4", .notInFlow("ip ttl")),
        ("jhash ip sddr mod 4", .unreadable("ip sddr")),
        ("numgen inc mod 4", .counter), ("jhash ip saddr mod 4 seed 1 offest 1", .unreadable("offest")),
        ("jhash ip saddr . mod 4", .unreadable("mod")), ("", .unreadable("")),
        ("jhash ip saddr mod 4 mod 5", .unreadable("mod")), ("symhash mod 4 offset 1", .symmetricHash),
        ("jhash ct original ip6 saddr . meta l4proto . sctp dport mod 9 seed 1", nil),
        ("jhash ip saddr mod 4294967296 seed 1", .unreadable("4294967296")), ("jhash", .unreadable("")),
    ])
    func expressionsOfNftablesAreRead(text: String, expected: NftHashError?) {
        var thrown: NftHashError?
        do throws(NftHashError) {
            let expression = try NftHash(parsing: text)
            #expect(try NftHash(parsing: expression.description) == expression)
        } catch { thrown = error }
        #expect(thrown == expected)
    }

    @Test func aRuleOfOneProtocolOrFamilyRefusesOthers() throws {
        let tcp = try NftHash(fields: [.ipSource, .tcpSourcePort], modulus: 4, seed: 1)
        let flow = Samples.flow(.udp)
        #expect(throws: NftHashError.otherProtocol(.tcpSourcePort, .udp)) { try tcp.value(of: flow) }
        let v6 = try NftHash(fields: [.ip6Source], modulus: 4, seed: 1)
        #expect(throws: NftHashError.otherFamily(.ip6Source)) { try v6.value(of: flow) }
        let header = try NftHash(fields: [.ipSource, .transportSourcePort], modulus: 4, seed: 1)
        for transport in [TransportProtocol.icmp, .gre, .ah] {
            let flow = Samples.flow(transport)
            #expect(throws: NftHashError.noPorts(.transportSourcePort, transport)) { try header.value(of: flow) }
        }
        let source = try #require(IPAddress("::1"))
        let placement = HashScheme.clusterIP(Placement(mode: .sourceIP, bucketCount: 4, seed: 0))
        #expect(throws: HashSchemeError.onlyIPv4) {
            try placement.bucket(of: Flow(transport: .tcp, source: source, destination: source))
        }
        #expect(try HashScheme.nft(v6).bucket(of: Flow(transport: .tcp, source: source, destination: source)) < 4)
    }
}
