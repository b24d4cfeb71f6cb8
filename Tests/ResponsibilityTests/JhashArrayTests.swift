import Responsibility
import Testing

/// `jhash2` over any number of words, against what does not share its code.
@Suite struct JhashArrayTests {
    private static let words = (1...13).map { UInt32(0x0102_0304) &* UInt32($0) }

    /// `jhash2` is `jhash` of the same bytes, which is held against real kernels; full groups of three included.
    @Test(arguments: 1...13)
    func lookup3HashesWordsAsTheirBytes(_ count: Int) {
        let words = Array(Self.words.prefix(count))
        let bytes = words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) } }
        #expect(Jhash.array(words, seed: 42) == Jhash.bytes(bytes, seed: 42))
    }

    /// What a C program with the text of include/linux/jhash.h of 2.6.36 gives.
    @Test(
        arguments: zip(
            1...7,
            [
                0x09fd_8815, 0x4ae0_1f05, 0x690f_e1ed, 0xdb4f_7978, 0xb44e_b091, 0xc829_47f0, 0xd707_7d99,
            ] as [UInt32]))
    func lookup2(_ count: Int, _ hash: UInt32) {
        #expect(Jhash.array(Array(Self.words.prefix(count)), seed: 42, generation: .lookup2) == hash)
    }

    /// xt_cluster hashes IPv6 by `jhash2`, into which the length enters in every generation; IPv4 by `jhash_1word`.
    @Test func xtClusterOfIPv6InOlderKernels() throws {
        let source = IPAddress.v6(try #require(IPv6Address("403:201::1")))
        func hash(_ generation: JhashGeneration) -> UInt32 {
            ClusterMatch(bucketCount: 4, seed: 42, generation: generation).hash(of: source)
        }
        #expect(hash(.lookup2) == 0x09fd_8815)
        #expect(hash(.lookup3WithoutLength) == hash(.lookup3))
    }
}
