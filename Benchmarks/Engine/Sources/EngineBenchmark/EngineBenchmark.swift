import CPeer
import FlowReading
import Glibc
import Responsibility

/// Usage: `EngineBenchmark [FLOWS] [ROUNDS] [LINES]`.
@main
struct EngineBenchmark {
    let count: Int
    let rounds: Int
    let lineCount: Int
    let placement = Placement(mode: .sourceIPSourcePortDestinationPort, bucketCount: 16, seed: 0x1234_5678)
    let sources: UnsafeMutableBufferPointer<UInt32>
    let sourcePorts: UnsafeMutableBufferPointer<UInt16>
    let destinationPorts: UnsafeMutableBufferPointer<UInt16>
    let wide: UnsafeMutableBufferPointer<UInt32>
    let narrow: UnsafeMutableBufferPointer<UInt16>

    static func main() {
        let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        let benchmark = EngineBenchmark(
            count: numbers.first ?? 16_777_216, rounds: numbers.count > 1 ? numbers[1] : 15,
            lineCount: numbers.count > 2 ? numbers[2] : 4_000_000)
        benchmark.hashSeries()
        benchmark.narrowSeries()
        benchmark.textSeries()
    }

    init(count: Int, rounds: Int, lineCount: Int) {
        self.count = count
        self.rounds = rounds
        self.lineCount = lineCount
        sources = Self.column(UInt32.self, count)
        sourcePorts = Self.column(UInt16.self, count)
        destinationPorts = Self.column(UInt16.self, count)
        wide = Self.column(UInt32.self, count)
        narrow = Self.column(UInt16.self, count)
    }

    private var flows: FlowColumns {
        FlowColumns(
            sources: .init(sources), sourcePorts: .init(sourcePorts), destinationPorts: .init(destinationPorts))
    }

    private static func column<Number: FixedWidthInteger & UnsignedInteger>(
        _ type: Number.Type, _ count: Int
    ) -> UnsafeMutableBufferPointer<Number> {
        var random = SystemRandomNumberGenerator()
        let column = UnsafeMutableBufferPointer<Number>.allocate(capacity: count)
        for index in 0..<count { column.initializeElement(at: index, to: Number(truncatingIfNeeded: random.next())) }
        return column
    }

    func copySeries(_ bytes: Int) -> () -> Void {
        // A copy of half the bytes reads that half and writes that half: the same traffic.
        let from = UnsafeMutableRawPointer.allocate(byteCount: bytes / 2, alignment: 64)
        let to = UnsafeMutableRawPointer.allocate(byteCount: bytes / 2, alignment: 64)
        memset(from, 1, bytes / 2)
        return { memcpy(to, from, bytes / 2) }
    }

    func hashSeries() {
        var series = Series()
        series.add("memory copy, same traffic (12 B)", units: count, copySeries(count * 12))
        series.add("columns read, 32 bits written, no hash", units: count) {
            peer_shape_wide(
                sources.baseAddress, sourcePorts.baseAddress, destinationPorts.baseAddress, wide.baseAddress, count)
        }
        series.add("plain C -O3, 32-bit results", units: count) {
            peer_place_wide(
                sources.baseAddress, sourcePorts.baseAddress, destinationPorts.baseAddress, wide.baseAddress, count,
                placement.seed, placement.bucketCount)
        }
        for width in VectorWidth.allCases where width.isAvailable {
            series.add("engine, \(width.rawValue), 32-bit results", units: count) {
                try? placement.place(flows, into: wide, width: width)
            }
        }
        series.report("bulk lookups", rounds: rounds, unit: "M flows/s", reference: "memory copy, same traffic (12 B)")
    }

    func narrowSeries() {
        var series = Series()
        series.add("memory copy, same traffic (10 B)", units: count, copySeries(count * 10))
        series.add("columns read, 16 bits written, no hash", units: count) {
            peer_shape_narrow(
                sources.baseAddress, sourcePorts.baseAddress, destinationPorts.baseAddress, narrow.baseAddress, count)
        }
        series.add("plain C -O3, 16-bit results", units: count) {
            peer_place_narrow(
                sources.baseAddress, sourcePorts.baseAddress, destinationPorts.baseAddress, narrow.baseAddress, count,
                placement.seed, placement.bucketCount)
        }
        for width in VectorWidth.allCases where width.isAvailable {
            series.add("engine, \(width.rawValue), 16-bit results", units: count) {
                try? placement.place(flows, into: narrow, width: width)
            }
        }
        series.report("bulk lookups", rounds: rounds, unit: "M flows/s", reference: "memory copy, same traffic (10 B)")
    }

    func textSeries() {
        var text = ""
        text.reserveCapacity(lineCount * 44)
        for index in 0..<lineCount {
            let at = index % count
            text +=
                "\(index % 2 == 0 ? "tcp" : "udp") \(IPv4Address(number: sources[at])):\(sourcePorts[at])"
                + " -> 10.8.0.1:\(destinationPorts[at])\n"
        }
        let bytes = Array(text.utf8)
        let block = 1 << 18
        var series = Series()
        series.add("C, byte by byte, hash, count", units: lineCount) {
            var counts = [UInt64](repeating: 0, count: 17)
            _ = bytes.withUnsafeBytes {
                peer_text($0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count, 7, 16, &counts)
            }
        }
        series.add("engine, blocks, hash, count", units: lineCount) {
            var (parser, batch, counts) = (FlowParser(), FlowBatch(), [UInt64](repeating: 0, count: 17))
            bytes.withUnsafeBytes { bytes in
                var start = 0
                while start < bytes.count {
                    let end = min(start + block, bytes.count)
                    let part = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
                    start += parser.parse(block: part, isLast: end == bytes.count, into: &batch)
                    for bucket in placement.buckets(of: batch) { counts[Int(bucket)] += 1 }
                    batch.removeAll()
                }
            }
        }
        series.add("engine, line by line, hash, count", units: lineCount) {
            var (parser, counts) = (FlowParser(), [UInt64](repeating: 0, count: 17))
            bytes.withUnsafeBytes { bytes in
                var start = 0
                while start < bytes.count, let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
                    if case .flow(let record) = parser.parse(.init(rebasing: bytes[start..<end])),
                        let bucket = placement.bucket(of: record.flow)
                    {
                        counts[bucket] += 1
                    }
                    start = end + 1
                }
            }
        }
        series.report("text lines", rounds: 5, unit: "M lines/s", reference: "C, byte by byte, hash, count")
    }
}
