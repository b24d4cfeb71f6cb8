import Capture
import FlowReading
import Glibc
import Responsibility
import Testing

@Suite struct CaptureReaderTests {
    private static let directory = #filePath.replacing("CaptureReaderTests.swift", with: "Data/")

    private static func read(_ name: String, to destination: IPAddress? = nil) throws -> (FlowBatch, CaptureCounts) {
        let reader = try CaptureReader(path: directory + name, destination: destination)
        var batch = FlowBatch()
        while try reader.read(into: &batch, limit: 3) {}
        return (batch, reader.counts)
    }

    @Test(arguments: [
        "ethernet.pcap", "vlan.pcap", "cooked.pcap", "cooked2.pcapng", "raw.pcapng", "ethernet.pcap.gz",
        "raw.pcapng.zst",
    ])
    func `the same packets are found under every link layer`(name: String) throws {
        let (batch, counts) = try Self.read(name, to: IPAddress("10.8.0.1"))
        #expect(
            (0..<batch.count).map { "\(batch[$0].transport) \(batch[$0].source):\(batch[$0].sourcePort)" } == [
                "tcp 10.9.0.1:40000", "udp 10.9.0.2:5000", "tcp 10.9.0.1:40000", "icmp 10.9.0.3:0",
                "udp 10.9.0.4:6000",
            ])
        #expect(batch.destinationPorts == [80, 53, 80, 0, 53])
        #expect(batch.lengths == [40, 32, 44, 28, 32])
        #expect(counts.packets == (name.hasPrefix("raw.pcapng") ? 9 : 10))
        #expect((counts.firstFragments, counts.laterFragments, counts.laterFragmentBytes) == (1, 1, 52))
        #expect((counts.truncated, counts.malformed, counts.otherDestination) == (1, 0, 2))
        #expect(counts.notIP == (name.hasPrefix("raw.pcapng") ? 0 : 1))
    }

    @Test func `an IPv6 packet is found behind its extension header`() throws {
        let (batch, _) = try Self.read("ethernet.pcap")
        guard case .flow(let record)? = batch.others.first?.content else {
            Issue.record("no IPv6 flow")
            return
        }
        #expect(record.flow.source == IPAddress("2001:db8::1"))
        #expect((record.flow.sourcePort, record.flow.destinationPort, record.bytes) == (7, 8, 60))
    }

    @Test func `a capture that is cut off says where, after everything before it`() throws {
        let reader = try CaptureReader(path: Self.directory + "cut.pcap")
        var batch = FlowBatch()
        #expect(throws: CaptureError.self) { while try reader.read(into: &batch) {} }
        #expect(reader.counts.packets == 9)
        #expect(batch.count == 6)
    }

    @Test(arguments: [
        ("garbage.pcap", "cannot be read"), ("loopback.pcap", "link layer"), ("none\u{1b}[2J", "cannot be read"),
    ])
    func `what is no capture is refused in one printable sentence`(name: String, sentence: String) throws {
        let error = #expect(throws: CaptureError.self) { _ = try CaptureReader(path: Self.directory + name) }
        let text = error?.description ?? ""
        #expect(text.contains(sentence))
        #expect(text.utf8.allSatisfy { (0x20...0x7e).contains($0) })
    }

    @Test func `any bytes are a packet or none, and nothing is read beyond them`() throws {
        var state: UInt64 = 42
        func next() -> UInt8 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        let starts: [[UInt8]] = [
            [], [0x45], [0x60], [0x60, 0, 0, 0, 0, 0, 60], [UInt8](repeating: 0, count: 12) + [8, 0, 0x4f],
            [UInt8](repeating: 0, count: 12) + [0x81, 0],
        ]
        for layer in LinkLayer.allCases {
            for round in 0..<3000 {
                let bytes = starts[round % starts.count] + (0..<Int(next() % 80)).map { _ in next() }
                // A heap block of exactly this size, so that a tool that watches memory sees any step beyond it.
                let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
                copy.copyBytes(from: bytes)
                _ = PacketDecoder(layer: layer).decode(UnsafeRawBufferPointer(copy))
                _ = PacketDecoder(layer: layer, inner: true).decode(UnsafeRawBufferPointer(copy))
                copy.deallocate()
            }
        }
    }
}
