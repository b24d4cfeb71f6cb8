import Responsibility
import TestSupport
import Testing

@Suite("Statements 1–14: the hash")
struct HashStatementTests {
    private func placement(
        _ mode: HashMode, _ total: UInt32 = 4, seed: UInt32 = 0, _ generation: JhashGeneration = .lookup3,
        _ byteOrder: ByteOrder = .little
    ) -> Placement {
        Placement(mode: mode, bucketCount: total, seed: seed, generation: generation, byteOrder: byteOrder)
    }

    private func buckets(_ hash: UInt32, _ totals: [UInt32] = [2, 4, 16]) -> [Int] {
        totals.map { placement(.sourceIP, $0).bucket(ofHash: hash) }
    }

    @Test func statement01TheBucketIsTheScaledHashPlusOne() {
        for total: UInt32 in [1, 2, 3, 4, 7, 16, 64, 65_535] {
            let placement = placement(.sourceIP, total)
            #expect(placement.bucket(ofHash: 0) == 1)
            #expect(placement.bucket(ofHash: .max) == Int(total))
        }
        for hash: UInt32 in [0, 1, 0x8000_0000, .max] {
            #expect(placement(.sourceIP, 1).bucket(ofHash: hash) == 1)
            #expect(placement(.sourceIP, 0).bucket(ofHash: hash) == 1)
        }
        var random = SplitMix(seed: 1)
        for _ in 0..<1000 {
            let (hash, total) = (
                UInt32.random(in: 0 ... .max, using: &random), UInt32.random(in: 1...65_535, using: &random)
            )
            let expected = Int(hash.multipliedFullWidth(by: total).high) + 1
            #expect(placement(.sourceIP, total).bucket(ofHash: hash) == expected)
            #expect(ClusterMatch(bucketCount: total, seed: 0).bucket(ofHash: hash) == expected)
        }
    }

    @Test(arguments: [
        (JhashGeneration.lookup3, UInt32(0x751c_0de7), [1, 2, 8]),
        (.lookup3WithoutLength, 0xc313_1236, [2, 4, 13]), (.lookup2, 0x8e61_ae2d, [2, 3, 9]),
    ])
    func statement02EachGenerationHashesTheAddressDifferently(
        generation: JhashGeneration, hash: UInt32, expected: [Int]
    ) {
        #expect(placement(.sourceIP, generation).hash(of: Samples.flow()) == hash)
        #expect(buckets(hash) == expected)
    }

    private func placement(_ mode: HashMode, _ generation: JhashGeneration) -> Placement {
        placement(mode, 4, seed: 0, generation)
    }

    @Test func statement03ByteOrderMattersOnlyWithPorts() throws {
        let flow = Samples.flow(port: 1024)
        for generation in JhashGeneration.allCases {
            let hashes = ByteOrder.allCases.map { placement(.sourceIP, 4, seed: 7, generation, $0).hash(of: flow) }
            #expect(hashes[0] == hashes[1])
        }
        let little = try #require(placement(.sourceIPSourcePort, 4, seed: 0, .lookup3, .little).hash(of: flow))
        let big = try #require(placement(.sourceIPSourcePort, 4, seed: 0, .lookup3, .big).hash(of: flow))
        #expect(little == 0xb965_f1a3)
        #expect(buckets(little) == [2, 3, 12])
        #expect(big == 0x4131_f360)
        #expect(buckets(big) == [1, 2, 5])
    }

    @Test(arguments: [(UInt32(0), UInt32(0x6941_e907), [1, 2, 7]), (0x1234_5678, 0xe449_3531, [2, 4, 15])])
    func statement04BothPortsEnterTheThirdMode(seed: UInt32, hash: UInt32, expected: [Int]) {
        #expect(placement(.sourceIPSourcePortDestinationPort, 4, seed: seed).hash(of: Samples.flow()) == hash)
        #expect(buckets(hash) == expected)
    }

    @Test(arguments: JhashGeneration.allCases)
    func statement05TheNumberOfWordsEntersOnlyTheNewestGeneration(generation: JhashGeneration) {
        let flow = Samples.flow(port: 0, port: 0)
        let hashes = Set(HashMode.allCases.map { placement($0, 4, seed: 99, generation).hash(of: flow) })
        #expect(hashes.count == (generation == .lookup3 ? 3 : 1))
    }

    @Test(arguments: [TransportProtocol.icmp, .gre, TransportProtocol(rawValue: 4), TransportProtocol(rawValue: 89)])
    func statement06ProtocolsWithoutPortsHashWithPortsZero(transport: TransportProtocol) {
        for mode in HashMode.allCases {
            let without = placement(mode).hash(of: Samples.flow(transport, port: 0, port: 0))
            #expect(placement(mode).hash(of: Samples.flow(transport, port: 0x1234, port: 0x0800)) == without)
        }
    }

    @Test func statement07PortsComeFromTheirPlaceInEachHeader() throws {
        let header: [UInt8] = [0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0]
        header.withUnsafeBytes { bytes in
            for transport in [TransportProtocol.tcp, .udp, .udpLite, .dccp, .sctp, .esp] {
                #expect(transport.ports(inHeader: bytes).map { [$0.source, $0.destination] } == [0x1234, 0x5678])
            }
            #expect(
                TransportProtocol.ah.ports(inHeader: bytes).map { [$0.source, $0.destination] } == [0x9abc, 0xdef0])
            #expect(TransportProtocol.icmp.ports(inHeader: bytes) == nil)
            #expect(TransportProtocol.tcp.ports(inHeader: UnsafeRawBufferPointer(rebasing: bytes[..<3])) == nil)
            #expect(TransportProtocol.ah.ports(inHeader: UnsafeRawBufferPointer(rebasing: bytes[..<7])) == nil)
        }
    }

    @Test func statement08OnlyTheFieldsOfTheModeEnterTheHash() {
        let flow = Samples.flow(port: 1000, port: 80)
        for mode in HashMode.allCases {
            let hash = placement(mode).hash(of: flow)
            #expect(placement(mode).hash(of: Samples.flow(port: 1000, to: IPv4Address(1, 2, 3, 4), port: 80)) == hash)
            #expect(placement(mode).hash(of: Samples.flow(.udp, port: 1000, port: 80)) == hash)
            let otherDestinationPort = placement(mode).hash(of: Samples.flow(port: 1000, port: 81))
            #expect((otherDestinationPort != hash) == (mode == .sourceIPSourcePortDestinationPort))
            let otherSourcePort = placement(mode).hash(of: Samples.flow(port: 1001, port: 80))
            #expect((otherSourcePort != hash) == (mode != .sourceIP))
        }
    }

    @Test func statement09NftablesAndTheClusterMatchAgreeOnIPv4() throws {
        for (seed, hash) in [(UInt32(0xfeed_cafe), UInt32(0x4152_b75c)), (0, 0xb3bc_b8d1)] {
            #expect(ClusterMatch(bucketCount: 4, seed: seed).hash(of: .v4(Samples.client)) == hash)
        }
        for (total, bucket) in [(UInt32(2), 1), (4, 2), (16, 5), (32, 9)] {
            let rule = try NftHash(parsing: "jhash ip saddr mod \(total) seed 0xfeedcafe offset 1")
            #expect(try rule.value(of: Samples.flow()) == bucket)
            #expect(ClusterMatch(bucketCount: total, seed: 0xfeed_cafe).bucket(of: .v4(Samples.client)) == bucket)
        }
        let rule = try NftHash(parsing: "jhash ip saddr mod 32 seed 0xfeedcafe offset 1")
        let match = ClusterMatch(bucketCount: 32, seed: 0xfeed_cafe)
        for source in Samples.sources(500) {
            #expect(try rule.value(of: Samples.flow(from: source)) == match.bucket(of: .v4(source)))
        }
    }

    @Test func statement10ClusterIPAndTheClusterMatchAgreeOnlyByChance() {
        let clusterIP = placement(.sourceIP, 4, seed: 0xfeed_cafe)
        let match = ClusterMatch(bucketCount: 4, seed: 0xfeed_cafe)
        let agreeing = Samples.sources(10_000).count {
            clusterIP.bucket(of: Samples.flow(from: $0)) == match.bucket(of: .v4($0))
        }
        #expect((2_300...2_700).contains(agreeing))
    }

    @Test func statement11TheClusterMatchHashesOnly32BitsOfIPv6() throws {
        let first = try #require(IPAddress("2001:db8::1"))
        let second = try #require(IPAddress("2001:db8:1:2:3:4:5:6"))
        let match = ClusterMatch(bucketCount: 32, seed: 0xfeed_cafe)
        #expect(match.hash(of: first) == match.hash(of: second))
        let others = (0..<32).map {
            IPAddress.v6(IPv6Address(high: 0x2001_0db8_0000_0000 ^ 1 << (32 + UInt64($0)), low: 1))
        }
        #expect(Set(([first] + others).map(match.hash)).count == 33, "each of the first 32 bits enters the hash")
        let rule = try NftHash(parsing: "jhash ip6 saddr mod 32 seed 0xfeedcafe offset 1")
        let hashes = try [first, second].map { source in
            try rule.hash(of: Flow(transport: .tcp, source: source, destination: source))
        }
        #expect(hashes == [0x43f2_b30c, 0x0a0d_3537])
    }

    @Test func statement12NftablesPadsAPortToFourBytes() throws {
        let rule = try NftHash(parsing: "jhash ip saddr . tcp sport mod 4 seed 7 offset 1")
        #expect(try rule.key(of: Samples.flow(port: 1024)) == [192, 0, 2, 1, 4, 0, 0, 0])
        #expect(try rule.hash(of: Samples.flow(port: 1024)) == 0xf6a8_5b04)
    }

    @Test func statement13ARuleWithoutASeedIsNotPredicted() throws {
        let rule = try NftHash(parsing: "jhash ip saddr mod 4 offset 1")
        #expect(throws: NftHashError.seedUnknown) { try rule.value(of: Samples.flow()) }
        #expect(throws: HashSchemeError.nft(.seedUnknown)) {
            try HashScheme.nft(rule).bucket(of: Samples.flow())
        }
        #expect(throws: HashSchemeError.nft(.seedUnknown)) {
            try HashScheme.nft(rule).trace(of: Samples.flow())
        }
        #expect(NftHashError.seedUnknown.description.contains("random"))
        let zero = try NftHash(parsing: "jhash ip saddr mod 4 seed 0 offset 1")
        #expect(try zero.hash(of: Samples.flow()) == 0xb3bc_b8d1, "0 is a seed like any other")
    }

    @Test func statement14RepliesAreHashedByDifferentAddresses() throws {
        let reply = Samples.flow(from: Samples.client, port: 80, to: Samples.cluster, port: 5000)
        let opened = Samples.flow(from: Samples.cluster, port: 5000, to: Samples.client, port: 80)
        let control = Samples.flow(from: IPv4Address(203, 0, 113, 9))
        let match = ClusterMatch(bucketCount: 32, seed: 1)
        let own = match.bucket(of: .v4(Samples.cluster))
        let rule = try ClusterMatchRule(match: match, nodeMask: 1 << UInt32(own - 1))
        #expect(rule.evaluate(Packet(flow: reply, connection: .establishedReply, original: opened)).matches)
        let masters = match.bucket(of: control.source)
        let clients = match.bucket(of: .v4(Samples.client))
        #expect(Set([masters, own, clients]).count == 3, "else the addresses could not be told apart")
        #expect(
            !(try ClusterMatchRule(match: match, localNode: UInt32(clients)).evaluate(
                Packet(flow: reply, connection: .establishedReply, original: opened)
            ).matches))
        let related = Packet(flow: reply, connection: .related, original: reply, master: control)
        for bucket in [masters, own, clients] {
            let rule = try ClusterMatchRule(match: match, localNode: UInt32(bucket))
            #expect(rule.evaluate(related).matches == (bucket == masters))
        }
        let nft = try NftHash(fields: [.ipSource], modulus: 32, seed: 1, offset: 1)
        #expect(try nft.value(of: reply, original: opened) == match.bucket(of: .v4(Samples.client)))
        let original = try NftHash(fields: [.originalSource], modulus: 32, seed: 1, offset: 1)
        #expect(try original.value(of: reply, original: opened) == own)
        let target = ClusterIPTarget(placement: placement(.sourceIP, 32))
        let verdict = target.decide(Packet(flow: reply, connection: .establishedReply, original: opened)) { _ in true }
        #expect(verdict.bucket == target.placement.bucket(of: Samples.flow(from: Samples.client)))
        #expect(verdict.bucket != target.placement.bucket(of: Samples.flow(from: Samples.cluster)))
    }
}
