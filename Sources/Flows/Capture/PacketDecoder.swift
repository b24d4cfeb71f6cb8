import Responsibility

/// Reads the flow of a captured packet from its bytes; whatever they are, nothing is read beyond them.
public struct PacketDecoder: Sendable {
    private let layer: LinkLayer

    /// A decoder for packets that begin like this.
    public init(layer: LinkLayer) { self.layer = layer }

    /// What the captured bytes of a packet are.
    @inline(__always)
    public func decode(_ bytes: UnsafeRawBufferPointer) -> DecodedPacket {
        var offset = 0
        var type: UInt16
        if let header = layer.header {
            guard bytes.count >= header.length else { return .truncated }
            type = bytes.word16(header.protocolAt)
            offset = header.length
        } else {
            guard let first = bytes.first else { return .truncated }
            type = first >> 4 == 6 ? 0x86dd : 0x0800
        }
        while type == 0x8100 || type == 0x88a8 || type == 0x9100 {
            guard bytes.count >= offset + 4 else { return .truncated }
            type = bytes.word16(offset + 2)
            offset += 4
        }
        let packet = UnsafeRawBufferPointer(rebasing: bytes[offset...])
        switch type {
        case 0x0800: return v4(packet)
        case 0x86dd: return IPv6Header.decode(packet)
        default: return .notIP
        }
    }

    /// An IPv4 packet: its header is 20 bytes or more; the ports follow it in the first fragment only.
    @inline(__always)
    private func v4(_ packet: UnsafeRawBufferPointer) -> DecodedPacket {
        guard packet.count >= 20 else { return .truncated }
        let headerLength = Int(packet[0] & 15) * 4
        guard packet[0] >> 4 == 4, headerLength >= 20 else { return .malformed }
        let length = UInt32(packet.word16(2))
        let fragment = packet.word16(6)
        if fragment & 0x1fff != 0 { return .laterFragment(length: length) }
        let transport = TransportProtocol(rawValue: packet[9])
        var flow = Flow(
            transport: transport, source: IPv4Address(number: packet.word32(12)),
            destination: IPv4Address(number: packet.word32(16)))
        if let portsOffset = transport.portsOffset {
            let start = headerLength + portsOffset
            if Int(length) >= start + 4 {
                guard packet.count >= start + 4 else { return .truncated }
                flow.sourcePort = packet.word16(start)
                flow.destinationPort = packet.word16(start + 2)
            }
        }
        return .packet(flow, length: length, isFirstFragment: fragment & 0x2000 != 0)
    }
}
