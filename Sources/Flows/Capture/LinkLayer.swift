import CPcap

/// How the packets of a capture begin: the link-layer header type, by libpcap's numbers in files.
public enum LinkLayer: Hashable, Sendable, CaseIterable {
    /// Ethernet.
    case ethernet
    /// Linux cooked capture, version 1 (`tcpdump -i any` until libpcap 1.10).
    case cooked
    /// Linux cooked capture, version 2.
    case cooked2
    /// IP without anything before it.
    case raw
    /// The address family in four bytes, in any byte order: BSD's loopback.
    case null
    /// PPP, with or without its address and control bytes.
    case ppp
    /// PPPoE without Ethernet.
    case pppoe

    /// The types that can be read, for people.
    static let readable = "Ethernet, Linux cooked (v1, v2), raw IP, loopback, PPP and PPPoE can be read"

    /// The type of a number, which is the same in files (`LINKTYPE_…`) and for libpcap (`DLT_…`) but for raw IP; nil for one
    /// that this does not read.
    init?(number: Int32) {
        switch number {
        case DLT_EN10MB: self = .ethernet
        case DLT_LINUX_SLL: self = .cooked
        case Int32(DLT_LINUX_SLL2): self = .cooked2
        case DLT_RAW, Int32(DLT_IPV4), Int32(DLT_IPV6), 101: self = .raw
        case DLT_NULL, DLT_LOOP: self = .null
        case DLT_PPP, DLT_PPP_SERIAL: self = .ppp
        case DLT_PPP_ETHER: self = .pppoe
        default: return nil
        }
    }

    /// The EtherType of what a packet holds and where that begins; nil when too few bytes are there.
    @inline(__always)
    func payload(of bytes: UnsafeRawBufferPointer) -> (type: UInt16, offset: Int)? {
        switch self {
        case .ethernet: bytes.count >= 14 ? (bytes.word16(12), 14) : nil
        case .cooked: bytes.count >= 16 ? (bytes.word16(14), 16) : nil
        case .cooked2: bytes.count >= 20 ? (bytes.word16(0), 20) : nil
        case .raw: Self.version(bytes, at: 0)
        case .null: Self.version(bytes, at: 4)
        case .ppp: Self.ppp(bytes)
        case .pppoe: bytes.count >= 8 ? (Self.etherType(ofPPP: bytes.word16(6)), 8) : nil
        }
    }

    /// IPv4 or IPv6 by the version that the packet itself says.
    private static func version(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> (type: UInt16, offset: Int)? {
        guard bytes.count > offset else { return nil }
        return (bytes[offset] >> 4 == 6 ? 0x86dd : 0x0800, offset)
    }

    private static func ppp(_ bytes: UnsafeRawBufferPointer) -> (type: UInt16, offset: Int)? {
        let start = bytes.count >= 2 && bytes[0] == 0xff && bytes[1] == 0x03 ? 2 : 0
        guard bytes.count > start + 1 else { return nil }
        // A protocol of one byte is odd (RFC 1661).
        if bytes[start] & 1 == 1 { return (etherType(ofPPP: UInt16(bytes[start])), start + 1) }
        return (etherType(ofPPP: bytes.word16(start)), start + 2)
    }

    /// The EtherType of a protocol of PPP; 0 for what is not IP.
    static func etherType(ofPPP number: UInt16) -> UInt16 {
        switch number {
        case 0x0021: 0x0800
        case 0x0057: 0x86dd
        default: 0
        }
    }
}
