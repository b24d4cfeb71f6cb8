import CPcap
import Glibc
import Responsibility

/// Reads the packets of a saved capture, pcap or pcapng, block by block.
public final class CaptureReader {
    /// What has been read so far.
    public private(set) var counts = CaptureCounts()
    /// Only packets to this address are taken; nil: all.
    public let destination: IPv4Address?

    private let capture: OpaquePointer
    private let decoder: PacketDecoder
    private let path: String

    /// Opens a capture; "-" is standard input.
    ///
    /// - Throws: `CaptureError` when it cannot be opened, is none, or begins with a link layer that this does not read.
    public init(path: String, destination: IPv4Address? = nil) throws(CaptureError) {
        var buffer = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard let capture = clusterip_capture_open(path, &buffer) else {
            throw CaptureError("the capture \(path) cannot be read: \(Self.text(buffer))")
        }
        let number = pcap_datalink(capture)
        guard let layer = LinkLayer(number: number) else {
            let name = pcap_datalink_val_to_name(number).map { String(cString: $0) } ?? "number \(number)"
            pcap_close(capture)
            throw CaptureError(
                "the capture \(path) has the link layer \(name); Ethernet, Linux cooked (v1, v2) and raw IP can be read"
            )
        }
        self.capture = capture
        self.destination = destination
        self.path = path
        decoder = PacketDecoder(layer: layer)
    }

    deinit { pcap_close(capture) }

    /// Where reading stands in the file, in bytes; of a pipe the bytes of the packets read so far.
    public var position: Int {
        let position = clusterip_capture_position(capture)
        return position < 0 ? capturedBytes : position
    }

    private var capturedBytes = 0

    /// Reads up to `limit` packets into a batch; false at the end of the capture.
    ///
    /// - Throws: `CaptureError` at a place where the file is cut off or damaged; what was read before is in the batch.
    public func read(into batch: inout FlowBatch, limit: Int = 4096) throws(CaptureError) -> Bool {
        let status = withUnsafeTemporaryAllocation(of: Packet.self, capacity: limit) { room in
            var count = 0
            let status = fill(room, &count, &batch)
            batch.append(packets: UnsafeBufferPointer(rebasing: room[..<count]))
            return status
        }
        if status == 1 || status == PCAP_ERROR_BREAK { return status == 1 }
        throw CaptureError(
            "the capture \(path) is damaged after packet \(counts.packets): \(String(cString: pcap_geterr(capture)))")
    }

    private typealias Packet = (flow: Flow, length: UInt32)

    /// Reads as many packets as there is room for; returns libpcap's last status, 1 when there may be more.
    private func fill(_ room: UnsafeMutableBufferPointer<Packet>, _ count: inout Int, _ batch: inout FlowBatch) -> Int32
    {
        var header: UnsafeMutablePointer<pcap_pkthdr>?
        var data: UnsafePointer<UInt8>?
        var (counts, bytes) = (counts, capturedBytes)
        defer { (self.counts, capturedBytes) = (counts, bytes) }
        for _ in 0..<room.count {
            let status = pcap_next_ex(capture, &header, &data)
            guard status == 1, let header, let data else { return status }
            counts.packets &+= 1
            bytes &+= Int(header.pointee.caplen)
            switch decoder.decode(UnsafeRawBufferPointer(start: data, count: Int(header.pointee.caplen))) {
            case .v4(let flow, let length, let isFirstFragment):
                if let destination, flow.destination != destination {
                    counts.otherDestination &+= 1
                    continue
                }
                if isFirstFragment { counts.firstFragments &+= 1 }
                room.initializeElement(at: count, to: (flow, length))
                count &+= 1
            case .v6(let flow, let length, let isFirstFragment):
                counts.takeV6(isElsewhere: destination != nil, isFirstFragment)
                if destination == nil { batch.append(packet: flow, length: length) }
            case let other: counts.take(other)
            }
        }
        return 1
    }

    private static func text(_ buffer: [CChar]) -> String {
        String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
