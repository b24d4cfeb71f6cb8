import Glibc
import Responsibility
import TestSupport
import Testing

@Suite("Bulk lookups are exact")
struct BulkTests {
    private struct Columns {
        var sources: [UInt32] = []
        var sourcePorts: [UInt16] = []
        var destinationPorts: [UInt16] = []

        func use(_ body: (FlowColumns) throws -> Void) rethrows {
            try sources.withUnsafeBufferPointer { sources in
                try sourcePorts.withUnsafeBufferPointer { sourcePorts in
                    try destinationPorts.withUnsafeBufferPointer { destinationPorts in
                        try body(
                            FlowColumns(
                                sources: sources, sourcePorts: sourcePorts, destinationPorts: destinationPorts))
                    }
                }
            }
        }
    }

    private func columns(_ count: Int) -> Columns {
        var random = SplitMix(seed: UInt64(count))
        var columns = Columns()
        for _ in 0..<count {
            columns.sources.append(UInt32(truncatingIfNeeded: random.next()))
            columns.sourcePorts.append(UInt16(truncatingIfNeeded: random.next()))
            columns.destinationPorts.append(UInt16(truncatingIfNeeded: random.next()))
        }
        return columns
    }

    /// Results of more than 16 MiB are written past the caches, from the first place on that is aligned to 64 bytes.
    @Test func manyResultsThatAreNotAlignedAreTheSame() throws {
        let (count, part) = (4_400_000, 1_100_000)
        let placement = Placement(mode: .sourceIP, bucketCount: 1021, seed: 5)
        let sources = (0..<UInt32(part)).map { $0 &* 2_654_435_761 }
        var all: [UInt32] = []
        for _ in 0..<count / part { all += sources }
        let expected = try placement.buckets(sources: sources)
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 4 * count + 64, alignment: 64)
        defer { memory.deallocate() }
        for width in VectorWidth.allCases where width.isAvailable {
            let results = UnsafeMutableRawBufferPointer(rebasing: memory[32..<32 + 4 * count])
                .bindMemory(to: UInt32.self)
            try all.withUnsafeBufferPointer { (sources) throws(BulkError) in
                let none = UnsafeBufferPointer<UInt16>(start: nil, count: 0)
                let flows = FlowColumns(sources: sources, sourcePorts: none, destinationPorts: none)
                try placement.place(flows, into: results, width: width)
            }
            for start in stride(from: 0, to: count, by: part) {
                let piece = UnsafeRawBufferPointer(UnsafeMutableBufferPointer(rebasing: results[start..<start + part]))
                let isSame = expected.withUnsafeBytes { expected in
                    guard let left = expected.baseAddress, let right = piece.baseAddress else { return false }
                    return memcmp(left, right, expected.count) == 0
                }
                #expect(isSame, "\(width), from \(start)")
            }
        }
    }

    @Test(arguments: VectorWidth.allCases.filter(\.isAvailable))
    func everySchemeAndWidthGivesWhatTheScalarCodeGives(width: VectorWidth) throws {
        for count in [0, 1, 3, 4, 15, 16, 17, 63, 64, 65, 300] {
            let columns = columns(count)
            for mode in HashMode.allCases {
                for generation in JhashGeneration.allCases {
                    for (byteOrder, total) in [(ByteOrder.little, UInt32(16)), (.big, 7), (.little, 65_535), (.big, 0)]
                    {
                        let placement = Placement(
                            mode: mode, bucketCount: total, seed: 0x1234_5678, generation: generation,
                            byteOrder: byteOrder)
                        try compare(placement, columns, width)
                    }
                }
            }
        }
    }

    private func compare(_ placement: Placement, _ columns: Columns, _ width: VectorWidth) throws {
        let count = columns.sources.count
        let expected = (0..<count).map { index in
            placement.bucket(
                of: Flow(
                    transport: .tcp, source: IPv4Address(number: columns.sources[index]),
                    sourcePort: columns.sourcePorts[index], destination: Samples.cluster,
                    destinationPort: columns.destinationPorts[index]))
        }
        var wide = [UInt32](repeating: 0, count: count)
        var narrow = [UInt16](repeating: 0, count: count)
        try columns.use { flows in
            try wide.withUnsafeMutableBufferPointer { try placement.place(flows, into: $0, width: width) }
            try narrow.withUnsafeMutableBufferPointer { try placement.place(flows, into: $0, width: width) }
        }
        #expect(wide.map(Int.init) == expected && narrow.map(Int.init) == expected, "\(placement)")
    }

    @Test func manyBucketsFitOnlyInto32Bits() throws {
        let columns = columns(100)
        let placement = Placement(mode: .sourceIP, bucketCount: .max, seed: 1)
        var wide = [UInt32](repeating: 0, count: 100)
        var narrow = [UInt16](repeating: 0, count: 100)
        try columns.use { flows in
            try wide.withUnsafeMutableBufferPointer { try placement.place(flows, into: $0) }
            #expect(throws: BulkError.tooManyBuckets(.max)) {
                try narrow.withUnsafeMutableBufferPointer { try placement.place(flows, into: $0) }
            }
        }
        for (source, bucket) in zip(columns.sources, wide) {
            #expect(placement.bucket(of: Samples.flow(from: IPv4Address(number: source))) == Int(bucket))
        }
    }

    @Test func columnsOfDifferentLengthsAreRefused() throws {
        var columns = columns(10)
        columns.destinationPorts.removeLast()
        var buckets = [UInt32](repeating: 0, count: 10)
        for mode in HashMode.allCases {
            let placement = Placement(mode: mode, bucketCount: 4, seed: 0)
            var error: BulkError?
            columns.use { flows in
                buckets.withUnsafeMutableBufferPointer { room in
                    do throws(BulkError) { try placement.place(flows, into: room) } catch let thrown { error = thrown }
                }
            }
            #expect(error == (mode == .sourceIPSourcePortDestinationPort ? .lengths : nil))
        }
    }

    @Test(arguments: HashMode.allCases)
    func arraysGiveWhatTheColumnsGive(mode: HashMode) throws {
        let (columns, placement) = (columns(100), Placement(mode: mode, bucketCount: 16, seed: 7))
        var expected = [UInt32](repeating: 0, count: 100)
        try columns.use { flows in
            try expected.withUnsafeMutableBufferPointer { try placement.place(flows, into: $0) }
        }
        let buckets = try placement.buckets(
            sources: columns.sources, sourcePorts: columns.sourcePorts, destinationPorts: columns.destinationPorts)
        #expect(buckets == expected)
    }

    @Test func arraysOfDifferentLengthsAreRefused() {
        let placement = Placement(mode: .sourceIPSourcePort, bucketCount: 16, seed: 7)
        #expect(throws: BulkError.lengths) { try placement.buckets(sources: [1, 2], sourcePorts: [1]) }
    }

    @Test(arguments: JhashGeneration.allCases)
    func theClusterMatchIsExactInBulkToo(generation: JhashGeneration) throws {
        let columns = columns(1000)
        for byteOrder in ByteOrder.allCases {
            let match = ClusterMatch(bucketCount: 32, seed: 77, generation: generation, byteOrder: byteOrder)
            var buckets = [UInt32](repeating: 0, count: 1000)
            try columns.sources.withUnsafeBufferPointer { sources in
                try buckets.withUnsafeMutableBufferPointer { try match.place(sources, into: $0) }
            }
            #expect(buckets.map(Int.init) == columns.sources.map { match.bucket(of: .v4(IPv4Address(number: $0))) })
        }
    }
}
