import Responsibility

/// Reads the flow of a captured packet from its bytes; whatever they are, nothing is read beyond them.
///
/// VLAN tags, MPLS labels and PPPoE in front of IP are passed over; with `inner` also the headers of tunnels.
public struct PacketDecoder: Sendable {
    /// How many tunnels in one another are opened.
    private static let deepest = 4

    private let layer: LinkLayer
    private let needsPorts: Bool
    private let inner: Bool

    /// A decoder for packets that begin like this.
    ///
    /// Where no port is needed a packet that was cut off before its ports has ports 0. With `inner` the flow is that of
    /// the packet in a tunnel (GRE, IP in IP, VXLAN, Geneve) where there is one.
    public init(layer: LinkLayer, needsPorts: Bool = true, inner: Bool = false) {
        self.layer = layer
        self.needsPorts = needsPorts
        self.inner = inner
    }

    /// What the captured bytes of a packet are.
    @inline(__always)
    public func decode(_ bytes: UnsafeRawBufferPointer) -> DecodedPacket {
        guard let (type, offset) = layer.payload(of: bytes) else { return .truncated }
        return network(type, UnsafeRawBufferPointer(rebasing: bytes[offset...]), depth: 0)
    }

    /// What stands behind a link-layer header that names it by its EtherType.
    @inline(__always)
    private func network(_ type: UInt16, _ bytes: UnsafeRawBufferPointer, depth: Int) -> DecodedPacket {
        switch type {
        case 0x0800: return v4(bytes, depth)
        case 0x86dd: return v6(bytes, depth)
        default: return wrapped(type, bytes, depth)
        }
    }

    /// What stands behind VLAN tags, MPLS labels and PPPoE.
    private func wrapped(_ type: UInt16, _ bytes: UnsafeRawBufferPointer, _ depth: Int) -> DecodedPacket {
        var (type, offset) = (type, 0)
        while type == 0x8100 || type == 0x88a8 || type == 0x9100 {
            guard bytes.count >= offset + 4 else { return .truncated }
            type = bytes.word16(offset + 2)
            offset += 4
        }
        if type == 0x8864 {
            guard bytes.count >= offset + 8 else { return .truncated }
            type = LinkLayer.etherType(ofPPP: bytes.word16(offset + 6))
            offset += 8
        }
        if type == 0x8847 || type == 0x8848 {
            var isBottom = false
            while !isBottom {
                guard bytes.count >= offset + 4 else { return .truncated }
                isBottom = bytes[offset + 2] & 1 == 1
                offset += 4
            }
            guard bytes.count > offset else { return .truncated }
            type = [4: 0x0800, 6: 0x86dd][bytes[offset] >> 4] ?? 0
        }
        guard type == 0x0800 || type == 0x86dd else { return .notIP }
        return network(type, UnsafeRawBufferPointer(rebasing: bytes[offset...]), depth: depth)
    }

    /// An IPv4 packet: its header is 20 bytes or more; the ports follow it in the first fragment only.
    @inline(__always)
    private func v4(_ packet: UnsafeRawBufferPointer, _ depth: Int) -> DecodedPacket {
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
                if packet.count >= start + 4 {
                    flow.sourcePort = packet.word16(start)
                    flow.destinationPort = packet.word16(start + 2)
                } else if needsPorts {
                    return .truncated
                }
            }
        }
        if inner, let packet = tunnelled(packet, headerLength, flow, depth) { return packet }
        return .packet(flow, length: length, isFirstFragment: fragment & 0x2000 != 0)
    }

    private func v6(_ packet: UnsafeRawBufferPointer, _ depth: Int) -> DecodedPacket {
        let (decoded, payload) = IPv6Header.decode(packet, needsPorts: needsPorts)
        if inner, case .packet(let flow, _, _) = decoded, let inside = tunnelled(packet, payload, flow, depth) {
            return inside
        }
        return decoded
    }

    // MARK: Tunnels

    /// The packet in a tunnel; nil when there is none, or it cannot be read.
    private func tunnelled(
        _ packet: UnsafeRawBufferPointer, _ start: Int, _ flow: Flow, _ depth: Int
    ) -> DecodedPacket? {
        guard depth < Self.deepest, packet.count > start else { return nil }
        let bytes = UnsafeRawBufferPointer(rebasing: packet[start...])
        let decoded: DecodedPacket
        switch flow.transport.rawValue {
        case 4: decoded = v4(bytes, depth + 1)
        case 41: decoded = v6(bytes, depth + 1)
        case 47:
            guard let (type, offset) = Self.gre(bytes) else { return nil }
            decoded = enclosed(type, bytes, offset, depth)
        case 17:
            guard let (type, offset) = Self.overUDP(bytes, flow.destinationPort) else { return nil }
            decoded = enclosed(type, bytes, offset, depth)
        default: return nil
        }
        if case .packet = decoded { return decoded }
        if case .laterFragment = decoded { return decoded }
        return nil
    }

    /// What a tunnel names by its EtherType: IP, or a frame of Ethernet.
    private func enclosed(
        _ type: UInt16, _ bytes: UnsafeRawBufferPointer, _ offset: Int, _ depth: Int
    ) -> DecodedPacket {
        guard bytes.count > offset else { return .truncated }
        let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
        guard type == 0x6558 else { return network(type, rest, depth: depth + 1) }
        guard rest.count > 14 else { return .truncated }
        return network(rest.word16(12), UnsafeRawBufferPointer(rebasing: rest[14...]), depth: depth + 1)
    }

    /// What GRE encloses, and where it begins (RFC 2784, RFC 2890).
    private static func gre(_ bytes: UnsafeRawBufferPointer) -> (type: UInt16, offset: Int)? {
        guard bytes.count >= 4, case let flags = bytes.word16(0), flags & 0x4007 == 0 else { return nil }
        var offset = 4
        for bit: UInt16 in [0x8000, 0x2000, 0x1000] where flags & bit != 0 { offset += 4 }
        return (bytes.word16(2), offset)
    }

    /// What VXLAN (RFC 7348) or Geneve (RFC 8926) encloses, and where it begins behind the UDP header.
    private static func overUDP(_ bytes: UnsafeRawBufferPointer, _ port: UInt16) -> (type: UInt16, offset: Int)? {
        guard bytes.count >= 16 else { return nil }
        switch port {
        case 4789, 8472: return (0x6558, 16)
        case 6081: return (bytes.word16(10), 16 + Int(bytes[8] & 0x3f) * 4)
        default: return nil
        }
    }
}
