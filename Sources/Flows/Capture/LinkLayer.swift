import CPcap

/// How the packets of a capture begin; libpcap calls it the link-layer header type.
public enum LinkLayer: Hashable, Sendable {
    /// Ethernet.
    case ethernet
    /// Linux cooked capture, version 1 (`tcpdump -i any` until libpcap 1.10).
    case cooked
    /// Linux cooked capture, version 2.
    case cooked2
    /// IP without anything before it.
    case raw

    /// The type of a number of libpcap's, `DLT_…`; nil for one that this does not read.
    init?(number: Int32) {
        switch number {
        case DLT_EN10MB: self = .ethernet
        case DLT_LINUX_SLL: self = .cooked
        case Int32(DLT_LINUX_SLL2): self = .cooked2
        case DLT_RAW, Int32(DLT_IPV4), Int32(DLT_IPV6), 101: self = .raw
        default: return nil
        }
    }

    /// Where the protocol number is and where its payload begins, in bytes; nil for raw IP.
    var header: (protocolAt: Int, length: Int)? {
        switch self {
        case .ethernet: (12, 14)
        case .cooked: (14, 16)
        case .cooked2: (0, 20)
        case .raw: nil
        }
    }
}
