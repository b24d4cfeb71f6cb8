/// How a capture is written: what its first bytes tell.
enum CaptureFormat {
    /// Records one behind the other, all of one link layer.
    case pcap(PcapHeader)
    /// Blocks, of which some describe interfaces, each with a link layer of its own.
    case pcapng

    /// The most bytes of a packet that a capture can hold, as libpcap has it.
    static let longestPacket = 262_144

    /// The format; nil when these are the first bytes of none.
    init?(_ start: UnsafeRawBufferPointer) {
        if start.count >= 4, start.loadUnaligned(as: UInt32.self) == PcapngBlock.sectionHeader {
            self = .pcapng
        } else if let header = PcapHeader(start) {
            self = .pcap(header)
        } else {
            return nil
        }
    }
}

/// The order of the bytes of a capture's numbers: the machine's own on which it was made.
struct CaptureOrder: Hashable {
    /// Whether it is the other than this machine's.
    let isSwapped: Bool

    @inline(__always)
    func word32(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
        let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
        return isSwapped ? word.byteSwapped : word
    }

    @inline(__always)
    func word16(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt16 {
        let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)
        return isSwapped ? word.byteSwapped : word
    }
}

/// The header of a file of `struct pcap_file_header` and records behind it.
///
/// Source: draft-ietf-opsawg-pcap; libpcap's sf-pcap.c for what older programs wrote.
struct PcapHeader {
    /// The bytes of the header.
    static let size = 24

    let order: CaptureOrder
    /// The number of the link layer.
    let linkType: Int32
    /// No packet is longer than this; what a record has beyond it is passed over.
    let snapLength: Int
    /// The bytes before each packet; kernels patched by Kuznetzov wrote more.
    let recordSize: Int
    /// The minor version: before 2.3 captured and original length stood the other way round, in 2.3 sometimes.
    private let minor: UInt16

    /// The header at the start of a file; nil when it is none.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.size else { return nil }
        let magic = bytes.loadUnaligned(as: UInt32.self)
        guard let order = [magic, magic.byteSwapped].firstIndex(where: Self.magics.contains) else { return nil }
        self.order = CaptureOrder(isSwapped: order == 1)
        minor = self.order.word16(bytes, 6)
        guard self.order.word16(bytes, 4) == 2, minor <= 4 else { return nil }
        let length = self.order.word32(bytes, 16)
        snapLength = length == 0 || length > Int32.max ? CaptureFormat.longestPacket : Int(length)
        linkType = Int32(self.order.word32(bytes, 20) & 0x03ff_ffff)
        recordSize = [magic, magic.byteSwapped].contains(0xa1b2_cd34) ? 24 : 16
    }

    private static let magics: Set<UInt32> = [0xa1b2_c3d4, 0xa1b2_3c4d, 0xa1b2_cd34]

    /// The captured length of the record whose header begins there.
    @inline(__always)
    func capturedLength(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Int {
        let captured = order.word32(bytes, offset + 8)
        guard minor < 4 else { return Int(captured) }
        let other = order.word32(bytes, offset + 12)
        return Int(minor < 3 || captured > other ? other : captured)
    }
}

/// One block of pcapng.
///
/// Source: draft-ietf-opsawg-pcapng.
struct PcapngBlock {
    static let sectionHeader: UInt32 = 0x0a0d_0d0a
    /// The shortest block: its type, its length, and that again.
    static let shortest = 12
    /// The longest block that is read, as libpcap has it; longer ones are damage.
    static let longest = 16 << 20

    /// What a block is for.
    enum Kind {
        case section, interface
        case packet(interface: Int, start: Int, captured: Int)
        case other
    }

    let kind: Kind
    let length: Int

    /// The block of so many bytes; nil when it cannot be one.
    @inline(__always)
    init?(_ bytes: UnsafeRawBufferPointer, _ order: CaptureOrder, firstSnapLength: Int) {
        length = bytes.count
        guard length >= Self.shortest, Int(order.word32(bytes, length - 4)) == length else { return nil }
        let body = length - Self.shortest
        switch order.word32(bytes, 0) {
        case 6 where body >= 20:
            kind = .packet(
                interface: Int(order.word32(bytes, 8)), start: 28, captured: Int(order.word32(bytes, 20)))
        case 2 where body >= 20:
            kind = .packet(
                interface: Int(order.word16(bytes, 8)), start: 28, captured: Int(order.word32(bytes, 20)))
        case 3 where body >= 4:
            kind = .packet(interface: 0, start: 12, captured: min(Int(order.word32(bytes, 8)), firstSnapLength))
        case 1 where body >= 8: kind = .interface
        case Self.sectionHeader: kind = .section
        case 1, 2, 3, 6: return nil
        default: kind = .other
        }
        if case .packet(_, let start, let captured) = kind, captured > length - 4 - start { return nil }
    }
}
