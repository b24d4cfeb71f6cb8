import Responsibility

/// Reads an IPv6 packet: the fixed header, the extension headers, and the ports behind them (RFC 8200).
///
/// AH is one of the extension headers, as the kernel has it. Source: `ipv6_find_hdr` of net/ipv6/exthdrs_core.c.
enum IPv6Header {
    /// What a packet is, and where its payload begins, in bytes.
    static func decode(_ packet: UnsafeRawBufferPointer, needsPorts: Bool) -> (DecodedPacket, payload: Int) {
        guard packet.count >= 40 else { return (.truncated, 0) }
        guard packet[0] >> 4 == 6 else { return (.malformed, 0) }
        let length = UInt32(packet.word16(4)) + 40
        var next = packet[6]
        var offset = 40
        var isFirstFragment = false
        var first = next
        while [0, 43, 44, 51, 60].contains(next) {
            guard packet.count >= offset + 8 else { return (.truncated, 0) }
            var size = (Int(packet[offset + 1]) + 1) * 8
            if next == 44 {
                guard packet.word16(offset + 2) & 0xfff8 == 0 else { return (.laterFragment(length: length), 0) }
                isFirstFragment = isFirstFragment || packet.word16(offset + 2) & 1 == 1
                size = 8
                // Joining the fragments takes their header out.
                if offset == 40 { first = packet[offset] }
            }
            if next == 51 { size = (Int(packet[offset + 1]) + 2) * 4 }
            next = packet[offset]
            offset += size
        }
        let transport = TransportProtocol(rawValue: next)
        var flow = Flow(
            transport: transport, source: .v6(address(packet, 8)), destination: .v6(address(packet, 24)))
        if first != next { flow.nextHeader = first }
        if let portsOffset = transport.portsOffset, Int(length) >= offset + portsOffset + 4 {
            if packet.count >= offset + portsOffset + 4 {
                flow.sourcePort = packet.word16(offset + portsOffset)
                flow.destinationPort = packet.word16(offset + portsOffset + 2)
            } else if needsPorts {
                return (.truncated, 0)
            }
        }
        return (.packet(flow, length: length, isFirstFragment: isFirstFragment), offset)
    }

    private static func address(_ packet: UnsafeRawBufferPointer, _ offset: Int) -> IPv6Address {
        func half(_ start: Int) -> UInt64 {
            UInt64(packet.word32(start)) << 32 | UInt64(packet.word32(start + 4))
        }
        return IPv6Address(high: half(offset), low: half(offset + 8))
    }
}
