import Responsibility

/// Reads an IPv6 packet: the fixed header, the extension headers, and the ports behind them (RFC 8200).
enum IPv6Header {
    static func decode(_ packet: UnsafeRawBufferPointer) -> DecodedPacket {
        guard packet.count >= 40 else { return .truncated }
        guard packet[0] >> 4 == 6 else { return .malformed }
        let length = UInt32(packet.word16(4)) + 40
        var next = packet[6]
        var offset = 40
        var isFirstFragment = false
        while [0, 43, 44, 60].contains(next) {
            guard packet.count >= offset + 8 else { return .truncated }
            if next == 44 {
                guard packet.word16(offset + 2) & 0xfff8 == 0 else { return .laterFragment(length: length) }
                isFirstFragment = isFirstFragment || packet.word16(offset + 2) & 1 == 1
            }
            let size = next == 44 ? 8 : (Int(packet[offset + 1]) + 1) * 8
            next = packet[offset]
            offset += size
        }
        let transport = TransportProtocol(rawValue: next)
        var flow = Flow(
            transport: transport, source: .v6(address(packet, 8)), destination: .v6(address(packet, 24)))
        if let portsOffset = transport.portsOffset, Int(length) >= offset + portsOffset + 4 {
            guard packet.count >= offset + portsOffset + 4 else { return .truncated }
            flow.sourcePort = packet.word16(offset + portsOffset)
            flow.destinationPort = packet.word16(offset + portsOffset + 2)
        }
        return .packet(flow, length: length, isFirstFragment: isFirstFragment)
    }

    private static func address(_ packet: UnsafeRawBufferPointer, _ offset: Int) -> IPv6Address {
        func half(_ start: Int) -> UInt64 {
            UInt64(packet.word32(start)) << 32 | UInt64(packet.word32(start + 4))
        }
        return IPv6Address(high: half(offset), low: half(offset + 8))
    }
}
