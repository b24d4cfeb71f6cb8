import Capture
import Responsibility
import Testing

/// Packets inside other headers, byte by byte as their descriptions have them.
@Suite struct WrappedPacketTests {
    private static func v4(_ number: UInt8, _ payload: [UInt8], from last: UInt8 = 2) -> [UInt8] {
        let length = UInt16(20 + payload.count)
        return [
            0x45, 0, UInt8(length >> 8), UInt8(length & 255), 0, 7, 0, 0, 64, number, 0, 0, 10, 9, 1, last, 10, 8, 0, 1,
        ]
            + payload
    }

    private static func v6(_ number: UInt8, _ payload: [UInt8]) -> [UInt8] {
        let address: [UInt8] = [0x20, 1, 0xd, 0xb8] + [UInt8](repeating: 0, count: 11)
        return [0x60, 0, 0, 0, 0, UInt8(payload.count), number, 64] + address + [2] + address + [1] + payload
    }

    private static func udp(_ port: UInt16, _ payload: [UInt8] = []) -> [UInt8] {
        [0x9c, 0x40, UInt8(port >> 8), UInt8(port & 255), 0, UInt8(8 + payload.count), 0, 0] + payload
    }

    private static let tcp: [UInt8] = [0x9c, 0x40, 0, 80] + [UInt8](repeating: 0, count: 16)
    private static let inside = v4(6, tcp, from: 99)
    private static let ethernet = [UInt8](repeating: 2, count: 12)

    private func flow(_ bytes: [UInt8], _ decoder: PacketDecoder) -> Flow? {
        guard case .packet(let flow, _, _) = bytes.withUnsafeBytes({ decoder.decode($0) }) else { return nil }
        return flow
    }

    @Test(arguments: [
        (LinkLayer.ethernet, ethernet + [0x88, 0x47, 0, 1, 0, 64, 0, 2, 1, 64] + inside),
        (.ethernet, ethernet + [0x88, 0x64, 0x11, 0, 0, 1, 0, 42, 0, 0x21] + inside),
        (.ethernet, ethernet + [0x81, 0, 0, 5, 0x88, 0x64, 0x11, 0, 0, 1, 0, 42, 0, 0x21] + inside),
        (.pppoe, [0x11, 0, 0, 1, 0, 42, 0, 0x21] + inside), (.null, [2, 0, 0, 0] + inside),
        (.null, [0, 0, 0, 2] + inside),
        (.ppp, [0xff, 3, 0, 0x21] + inside), (.ppp, [0x21] + inside), (.raw, inside),
    ])
    func `headers in front of IP are passed over`(layer: LinkLayer, bytes: [UInt8]) {
        let found = flow(bytes, PacketDecoder(layer: layer))
        #expect(found?.source == IPAddress("10.9.1.99") && found?.sourcePort == 40_000 && found?.destinationPort == 80)
        for count in 0..<bytes.count {
            #expect(flow(Array(bytes[..<count]), PacketDecoder(layer: layer)) == nil || count >= bytes.count - 16)
        }
    }

    @Test(arguments: [
        v4(4, inside), v4(47, [0, 0, 8, 0] + inside),
        v4(47, [0xb0, 0, 8, 0] + [UInt8](repeating: 9, count: 12) + inside),
        v4(47, [0, 0, 0x65, 0x58] + ethernet + [8, 0] + inside),
        v4(17, udp(4789, [8, 0, 0, 0, 0, 0, 5, 0] + ethernet + [8, 0] + inside)),
        v4(17, udp(6081, [1, 0, 0x65, 0x58, 0, 0, 5, 0, 1, 2, 3, 4] + ethernet + [0x81, 0, 0, 5, 8, 0] + inside)),
        v6(4, inside), v6(47, [0, 0, 8, 0] + inside), v4(4, v4(47, [0, 0, 8, 0] + inside)),
    ])
    func `tunnels are opened when that is asked for`(bytes: [UInt8]) {
        let opened = flow(bytes, PacketDecoder(layer: .raw, inner: true))
        #expect(opened?.source == IPAddress("10.9.1.99") && opened?.sourcePort == 40_000 && opened?.transport == .tcp)
        let closed = flow(bytes, PacketDecoder(layer: .raw))
        #expect(closed != nil && closed?.source != IPAddress("10.9.1.99"))
        for count in 0..<bytes.count { _ = flow(Array(bytes[..<count]), PacketDecoder(layer: .raw, inner: true)) }
    }

    @Test func `ports that were not captured matter only where they are needed`() {
        let cut = Array(Self.inside.prefix(22))
        #expect(flow(cut, PacketDecoder(layer: .raw)) == nil)
        let found = flow(cut, PacketDecoder(layer: .raw, needsPorts: false))
        #expect(found?.source == IPAddress("10.9.1.99") && found?.sourcePort == 0)
    }

    /// The byte that `ip6 nexthdr` hashes is that of the IPv6 header, without a fragment header, which the kernel removes.
    @Test(
        arguments: [
            (v6(0, [17, 0] + [UInt8](repeating: 0, count: 6) + udp(53)), 0),
            (v6(44, [17, 0, 0, 1, 0, 0, 0, 1] + udp(53)), nil),
            (v6(44, [60, 0, 0, 1, 0, 0, 0, 1, 17, 0, 0, 0, 0, 0, 0, 0] + udp(53)), 60),
            (v6(51, [17, 4] + [UInt8](repeating: 0, count: 22) + udp(53)), 51), (v6(17, udp(53)), nil),
        ] as [([UInt8], UInt8?)])
    func `the next header of an IPv6 packet is kept`(bytes: [UInt8], next: UInt8?) throws {
        let found = try #require(flow(bytes, PacketDecoder(layer: .raw)))
        #expect(found.transport == .udp && found.destinationPort == 53 && found.nextHeader == next)
        let hash = try NftHash(parsing: "jhash ip6 nexthdr mod 251 seed 1")
        #expect(try hash.key(of: found) == [next ?? 17])
    }
}
