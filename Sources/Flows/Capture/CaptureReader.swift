import CPcap
import Glibc
import Responsibility

/// Reads the packets of a saved capture, pcap or pcapng, block by block.
public final class CaptureReader {
    /// What has been read so far.
    public private(set) var counts = CaptureCounts()
    /// Only packets to this address are taken; nil: all.
    public let destination: IPAddress?

    private let opened: OpaquePointer
    private let decoder: PacketDecoder
    private let path: String

    /// Opens a capture; "-" is standard input.
    ///
    /// A file that gzip or zstd has packed is unpacked by them. Packets cut off before their ports have ports 0 where none
    /// is needed; with `inner` a packet in a tunnel counts in place of the tunnel's own.
    ///
    /// - Throws: `CaptureError` when it cannot be opened, is none, or begins with a link layer that this does not read.
    public init(
        path: String, destination: IPAddress? = nil, needsPorts: Bool = true, inner: Bool = false
    ) throws(CaptureError) {
        var buffer = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard let opened = clusterip_capture_open(path, &buffer) else {
            throw CaptureError("the capture \(path) cannot be read: \(Self.text(buffer))")
        }
        let number = pcap_datalink(clusterip_capture_pcap(opened))
        guard let layer = LinkLayer(number: number) else {
            let name = pcap_datalink_val_to_name(number).map { String(cString: $0) } ?? "number \(number)"
            clusterip_capture_close(opened)
            throw CaptureError(
                "the capture \(path) has the link layer \(name); \(LinkLayer.readable)")
        }
        self.opened = opened
        self.destination = destination
        self.path = path
        decoder = PacketDecoder(layer: layer, needsPorts: needsPorts, inner: inner)
    }

    deinit { clusterip_capture_close(opened) }

    /// Where reading stands in the file, in bytes; of a pipe the bytes of the packets read so far.
    public var position: Int {
        let position = clusterip_capture_position(opened)
        return position < 0 ? capturedBytes : position
    }

    private var capturedBytes = 0

    /// Reads up to `limit` packets into a batch; false at the end of the capture.
    ///
    /// - Throws: `CaptureError` at a place where the file is cut off or damaged; what was read before is in the batch.
    public func read(into batch: inout FlowBatch, limit: Int = 1024) throws(CaptureError) -> Bool {
        let capture = clusterip_capture_pcap(opened)
        let status = withUnsafeTemporaryAllocation(of: PacketIntake.Packet.self, capacity: limit) { room in
            var intake = PacketIntake(decoder: decoder, destination: destination, counts: counts, room: room)
            let status = withUnsafeMutablePointer(to: &intake) { intake in
                intake.withMemoryRebound(to: UInt8.self, capacity: MemoryLayout<PacketIntake>.size) {
                    pcap_dispatch(capture, Int32(limit), { PacketIntake.take($0, $1, $2) }, $0)
                }
            }
            counts = intake.counts
            capturedBytes &+= intake.capturedBytes
            batch.append(packets: UnsafeBufferPointer(rebasing: room[..<intake.count]))
            return status
        }
        if status >= 0 { return status > 0 }
        throw CaptureError(
            "the capture \(path) is damaged after packet \(counts.packets): \(String(cString: pcap_geterr(capture)))")
    }

    private static func text(_ buffer: [CChar]) -> String {
        String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
