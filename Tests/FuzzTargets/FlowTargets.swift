import Capture
import ClusterModel
import FlowReading
import Responsibility

/// A flow as the arithmetic sees it: a port that its protocol does not have is none.
private struct Placed: Hashable {
    private let transport: TransportProtocol
    private let source: IPAddress
    private let destination: IPAddress
    private let bucket: Int?

    init(_ flow: Flow) {
        (transport, source, destination) = (flow.transport, flow.source, flow.destination)
        let placement = Placement(mode: .sourceIPSourcePortDestinationPort, bucketCount: 65_536, seed: 42)
        bucket = placement.bucket(of: flow)
    }
}

extension FuzzTarget {
    /// Log lines of any form; the vectors' way, whole blocks and single lines must come to the same.
    static let lines = FuzzTarget("lines", "flows in lines of any form", limit: 8192) { bytes in
        var (parser, batch) = (FlowParser(), FlowBatch())
        let taken = bytes.withUnsafeBytes { parser.parse(block: $0, isLast: true, into: &batch) }
        require(taken == bytes.count, "a block that is the last was not read to its end")
        var single = FlowParser()
        var flows: [Flow] = []
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            switch Array(line).withUnsafeBytes({ single.parse($0) }) {
            case .flow(let record): flows.append(record.flow)
            case .error(let error): requireSafe(error.description)
            case .skipped: break
            }
        }
        let others = batch.others.count { if case .flow = $0.content { true } else { false } }
        // In quotation marks a row may go over several lines, which single ones do not know.
        guard !bytes.contains(UInt8(ascii: "\"")) || bytes.first == UInt8(ascii: "{") else {
            place(batch)
            return requireQuickWays(bytes, batch)
        }
        require(
            batch.count + others == flows.count,
            "\(batch.count) and \(others) flows in a block, \(flows.count) in lines")
        let placed = Set(flows.map(Placed.init))
        for index in 0..<batch.count { require(placed.contains(Placed(batch[index])), "\(batch[index]) is no line's") }
        place(batch)
        requireQuickWays(bytes, batch)
    }

    /// The quick ways through tables and entries, which keep no marks, give the same, and rows stand where they stand.
    private static func requireQuickWays(_ bytes: [UInt8], _ slow: FlowBatch) {
        var (parser, quick) = (FlowParser(), FlowBatch(keepsRows: true, keepsMarks: false))
        bytes.withUnsafeBytes { _ = parser.parse(block: $0, isLast: true, into: &quick) }
        require(quick.count == slow.count && quick.others.count == slow.others.count, "the quick ways give others")
        for index in 0..<quick.count {
            require(quick[index] == slow[index] && quick.lines[index] == slow.lines[index], "\(quick[index])")
        }
        require(sum(quick) == sum(slow), "the quick ways count others")
        for place in quick.rows + quick.otherRows {
            require(0 <= place.start && place.start <= place.end && place.end <= bytes.count, "a row outside its block")
            require(place.layout < quick.layouts.count, "a row of no layout")
        }
    }

    /// What a batch comes to by the source's address.
    private static func sum(_ batch: FlowBatch) -> [BucketCount] {
        let scheme = HashScheme.clusterMatch(ClusterMatch(bucketCount: 32, seed: 42))
        guard var summary = try? FlowSummary(scheme: scheme) else { return [] }
        summary.take(batch)
        return summary.buckets
    }

    private static func place(_ batch: FlowBatch) {
        for mode in HashMode.allCases {
            let scheme = HashScheme.clusterIP(Placement(mode: mode, bucketCount: 16, seed: 42))
            for index in 0..<batch.count {
                guard let bucket = try? scheme.bucket(of: batch[index]) else { continue }
                require((1...16).contains(bucket), "bucket \(bucket) of 16")
            }
        }
    }

    /// A saved capture.
    static let capture = FuzzTarget("capture", "a capture file", limit: 16_384) { bytes in
        Fixtures.withFile(bytes) { path in
            do throws(CaptureError) {
                let reader = try CaptureReader(path: path, destination: nil)
                var batch = FlowBatch()
                while try reader.read(into: &batch) { batch.removeAll() }
            } catch { requireSafe(error.description) }
        }
    }

    /// One packet in each link layer's frame; the first byte chooses it.
    static let packets = FuzzTarget("packets", "a packet as a network brings it", limit: 2048) { bytes in
        guard let first = bytes.first else { return }
        let layers: [LinkLayer] = [.ethernet, .raw, .cooked, .cooked2, .null, .ppp, .pppoe]
        let decoder = PacketDecoder(layer: layers[Int(first) % layers.count], inner: first > 127)
        bytes.dropFirst().withUnsafeBytes { _ = decoder.decode($0) }
    }
}
