import CPcap
import FlowReading
import Responsibility

/// Reads the packets of a saved capture, pcap or pcapng, block by block.
public final class CaptureReader {
    /// What has been read so far.
    public private(set) var counts = CaptureCounts()
    /// Only packets to this address are taken; nil: all.
    public let destination: IPAddress?

    private let format: CaptureFormat
    private var cursor: CaptureCursor

    /// Opens a capture; "-" is standard input.
    ///
    /// What gzip or zstd has packed is unpacked by them. Packets cut off before their ports have ports 0 where none is
    /// needed; with `inner` a packet in a tunnel counts in place of the tunnel's own.
    ///
    /// - Throws: `CaptureError` when it cannot be opened, is none, or has no link layer that this reads before its first
    ///   packet.
    public init(
        path: String, destination: IPAddress? = nil, needsPorts: Bool = true, inner: Bool = false
    ) throws(CaptureError) {
        self.destination = destination
        cursor = CaptureCursor(path: path, try CaptureBytes(path: path)) {
            PacketDecoder(layer: $0, needsPorts: needsPorts, inner: inner)
        }
        format = try cursor.begin()
    }

    /// Where reading stands in the file, in bytes; of what is packed, in what was unpacked.
    public var position: Int { cursor.position }

    /// Reads up to `limit` packets into a batch; false at the end of the capture.
    ///
    /// - Throws: `CaptureError` at a place where the file is cut off or damaged; what was read before is in the batch.
    public func read(into batch: inout FlowBatch, limit: Int = 1024) throws(CaptureError) -> Bool {
        var (cursor, damage) = (cursor, CaptureError?.none)
        let goesOn = withUnsafeTemporaryAllocation(of: PacketIntake.Packet.self, capacity: limit) { room in
            var intake = PacketIntake(destination: destination, counts: counts, room: room)
            var goesOn = false
            do throws(CaptureError) {
                switch format {
                case .pcap(let header): goesOn = try cursor.readRecords(header, into: &intake, limit)
                case .pcapng: goesOn = try cursor.readBlocks(into: &intake, limit)
                }
            } catch { damage = error }
            counts = intake.counts
            batch.append(packets: UnsafeBufferPointer(rebasing: room[..<intake.count]))
            return goesOn
        }
        self.cursor = cursor
        if let damage { throw damage }
        return goesOn
    }
}
