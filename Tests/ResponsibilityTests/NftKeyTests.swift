import Responsibility
import Testing

@Suite("What nftables does to bits before it hashes them") struct NftKeyTests {
    private func flow(_ source: String = "10.9.1.2", _ destination: String = "10.8.0.1") throws -> Flow {
        Flow(
            transport: .tcp, source: try #require(IPAddress(source)), sourcePort: 0x1234,
            destination: try #require(IPAddress(destination)), destinationPort: 0x5678)
    }

    private func key(_ key: String, _ order: ByteOrder = .little) throws -> [UInt8] {
        try NftHash(parsing: "jhash \(key) mod 4 seed 1", byteOrder: order).key(of: flow())
    }

    @Test(
        arguments: [
            ("ip saddr & 255.255.255.0", [10, 9, 1, 0]), ("(ip saddr & 255.255.255.0)", [10, 9, 1, 0]),
            ("ip saddr & 0xff000000", [10, 0, 0, 0]), ("ip saddr and 255.0.0.0 or 0.0.0.7", [10, 0, 0, 7]),
            ("(ip saddr | 0.0.255.0) & 0.0.255.255", [0, 0, 255, 2]), ("ip saddr ^ 255.0.0.1", [245, 9, 1, 3]),
            ("tcp sport & 255", [0, 0x34]), ("tcp sport & 0xff00 . tcp dport", [0x12, 0, 0, 0, 0x56, 0x78, 0, 0]),
            ("@nh,96,32", [10, 9, 1, 2]), ("@nh,96,24 . meta l4proto & 3", [10, 9, 1, 0, 2, 0, 0, 0]),
            ("@th,0,32 & 0xffff0000", [0x12, 0x34, 0, 0]), ("@nh,112,48", [1, 2, 10, 8, 0, 1]),
            // A shift takes the number into the processor's byte order.
            ("ip saddr >> 8", [1, 9, 10, 0]), ("tcp sport << 8", [0, 0x34]),
            ("tcp sport << 8 . ip saddr", [0, 0x34, 0x12, 0, 10, 9, 1, 2]),
            ("(ip saddr & 255.255.0.0) >> 16", [9, 10, 0, 0]),
        ] as [(String, [UInt8])])
    func bitsAreChangedAsTheKernelDoes(text: String, bytes: [UInt8]) throws { #expect(try key(text) == bytes) }

    @Test func aBigEndianProcessorShiftsInItsOwnOrder() throws {
        #expect(try key("ip saddr >> 8", .big) == [0, 10, 9, 1])
        #expect(try key("tcp sport >> 8", .big) == [0, 0x12])
    }

    @Test(arguments: [
        "ip saddr & 255.255.255.0 >> 8", "ip saddr | 0.0.0.1 & 0.0.0.255", "tcp sport ^ 1 & 2",
    ])
    func whatNftPrintsOneWayAndReadsAnotherIsRefused(text: String) {
        #expect(throws: NftHashError.self) { try key(text) }
    }

    @Test(
        arguments: [
            ("ip saddr & 256.0.0.0", "256.0.0.0"), ("tcp sport & 65536", "65536"), ("ip6 saddr >> 8", ">>"),
            ("@nh,97,8", "@nh,97,8"), ("ip saddr &", "mod"), ("(ip saddr & 1", "("), ("ip saddr & x", "x"),
        ])
    func whatNftRefusesIsRefused(text: String, word: String) {
        #expect(throws: NftHashError.unreadable(word)) { try key(text) }
    }

    @Test func fieldsThatNoFlowTellsAreSaid() {
        for text in ["ip saddr . ip ttl", "ip dscp >> 2", "@ll,0,48", "ip id"] {
            #expect(throws: NftHashError.self) { try key(text) }
        }
        // A flow tells neither the first byte of the header nor what stands behind the ports.
        #expect(throws: NftHashError.notInFlow("@nh,0,8")) { try key("@nh,0,8") }
        #expect(throws: NftHashError.notInFlow("@th,32,32")) { try key("@th,32,32") }
    }

    @Test func resultsThatTheRuleJoinsAreRefused() {
        #expect(throws: NftHashError.resultChanged("& 3")) {
            try NftHash(parsing: "meta mark set jhash ip saddr mod 16 seed 1 & 3")
        }
    }

    @Test(arguments: [
        "ip saddr & 255.255.255.0", "(ip saddr & 255.255.255.0) >> 8", "ip6 saddr & ffff:ffff:: . th sport & 255",
        "@nh,96,64 & 0xffffffff00000000 . meta l4proto", "ip saddr & 255.0.0.0 ^ 0.0.0.3 | 0.0.0.1",
    ])
    func theTextReadsBackAsTheSame(text: String) throws {
        let hash = try NftHash(parsing: "jhash \(text) mod 4 seed 0x1")
        #expect(hash.description == "jhash \(text) mod 4 seed 0x1")
        #expect(try NftHash(parsing: hash.description) == hash)
    }

    @Test func wholeRulesAreReadAroundTheExpression() throws {
        let rules = [
            "ct mark set jhash ip saddr & 255.255.255.0 mod 16 seed 0x2a offset 1",
            "ip daddr 10.8.0.1 tcp dport 80 dnat to jhash ip saddr & 255.255.255.0 mod 16 seed 0x2a offset 1 map { 1 : 10.0.0.1 }",
            "jhash ip saddr & 255.255.255.0 mod 16 seed 0x2a offset 1 vmap { 1 : accept, 2 : drop }",
            "meta mark set jhash (ip saddr & 255.255.255.0) mod 16 seed 42 offset 01 ct mark set meta mark counter",
        ]
        for rule in rules {
            #expect(
                try NftHash(parsing: rule).description == "jhash ip saddr & 255.255.255.0 mod 16 seed 0x2a offset 1")
        }
    }
}
