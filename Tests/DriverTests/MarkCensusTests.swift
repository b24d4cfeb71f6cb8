import ClusterModel
import Responsibility
import Testing

@testable import IptClusterip

/// What a node's own marks prove of its kernel's jhash.
@Suite struct MarkCensusTests {
    private static let address = IPv4Address(10, 8, 0, 1)

    private static func placement(
        _ generation: JhashGeneration, _ order: ByteOrder = .little, mode: HashMode = .sourceIPSourcePort,
        total: UInt32 = 16
    ) -> Placement {
        Placement(mode: mode, bucketCount: total, seed: 42, generation: generation, byteOrder: order)
    }

    /// Connections with the marks that a kernel with this arithmetic writes; so many of them with other programs' marks.
    private static func marks(_ placement: Placement, _ count: Int, foreign: Int = 0) throws -> [MarkedFlow] {
        try (0..<count).map { index in
            let flow = Flow(
                transport: .tcp, source: IPv4Address(10, 9, UInt8(index / 200), UInt8(index % 200 + 1)),
                sourcePort: UInt16(20_000 + 7 * index), destination: address, destinationPort: 443)
            let bucket = try HashScheme.clusterIP(placement).bucket(of: flow)
            return MarkedFlow(flow: flow, mark: index < foreign ? 0x7000 : UInt32(bucket))
        }
    }

    @Test(arguments: JhashGeneration.allCases, HashMode.allCases)
    func marksTellTheGenerationThatTheVersionDoesNot(_ generation: JhashGeneration, _ mode: HashMode) throws {
        let real = Self.placement(generation, mode: mode)
        let found = MarkCensus.judge(try Self.marks(real, 200, foreign: 4), Self.placement(.lookup3, mode: mode))
        #expect(found?.placement == real)
        #expect(found?.proof == MarkProof(marks: 200, agreeing: 196))
    }

    @Test func marksTellTheByteOrder() throws {
        let real = Self.placement(.lookup3, .big)
        #expect(MarkCensus.judge(try Self.marks(real, 100), Self.placement(.lookup3))?.placement == real)
    }

    @Test func fewMarksAndOthersMarksProveNothing() throws {
        let expected = Self.placement(.lookup3)
        #expect(MarkCensus.judge([], expected) == nil)
        #expect(MarkCensus.judge(try Self.marks(expected, 3), expected) == nil)
        #expect(MarkCensus.judge(try Self.marks(expected, 60, foreign: 60), expected) == nil)
        // Another seed is another rule's doing, and no generation.
        var other = expected
        other.seed = 43
        #expect(MarkCensus.judge(try Self.marks(other, 100), expected) == nil)
        #expect(
            MarkCensus.judge(
                try Self.marks(Self.placement(.lookup3, total: 1), 100), Self.placement(.lookup3, total: 1)) == nil)
    }

    @Test func whereItCostsLittleTheFirstSampleSaysIt() throws {
        var census = MarkCensus()
        let (expected, real) = (Self.placement(.lookup3), Self.placement(.lookup2))
        let marks = try Self.marks(real, 100)
        #expect(census.look(at: Self.address, expecting: expected, now: 5, isCheap: true) { _ in marks })
        #expect(census.proven(Self.address, by: expected)?.placement == real)
    }

    @Test func marksAreListedSeldom() throws {
        var (census, looks) = (MarkCensus(), 0)
        let expected = Self.placement(.lookup3)
        var marks: [MarkedFlow] = []
        for second in 0..<700 as Range<UInt64> {
            if second == 25 { marks = try Self.marks(expected, 100) }
            census.look(at: Self.address, expecting: expected, now: second * 1_000_000_000) { _ in
                looks += 1
                return marks
            }
            #expect((census.proven(Self.address, by: expected) != nil) == (second >= 31))
        }
        // At 1, 11, 21 and 31 s, and every five minutes from then on.
        #expect(looks == 6)
        // A rule that is written anew begins from what the version says.
        #expect(census.proven(Self.address, by: Self.placement(.lookup3, total: 8)) == nil)
    }
}
