import CPcap
import Capture
import FlowReading
import Glibc
import Responsibility
import Testing

/// Captures made byte by byte: libpcap is the referee, where it reads them.
@Suite struct CaptureFormatTests {
    /// Writes numbers in either order of bytes.
    private struct Writer {
        var bytes: [UInt8] = []
        var isBig = false

        mutating func put(_ number: UInt64, _ count: Int) {
            let little = (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
            bytes += isBig ? little.reversed() : little
        }

        mutating func block(_ type: UInt32, _ body: [(number: UInt64, count: Int)], _ data: [UInt8] = []) {
            var content = Writer(isBig: isBig)
            for (number, count) in body { content.put(number, count) }
            content.bytes += data + [UInt8](repeating: 0, count: -data.count & 3)
            let length = UInt64(content.bytes.count + 12)
            put(UInt64(type), 4)
            put(length, 4)
            bytes += content.bytes
            put(length, 4)
        }

        mutating func section() { block(0x0a0d_0d0a, [(0x1a2b_3c4d, 4), (1, 2), (0, 2), (.max, 8)]) }
        mutating func interface(_ type: UInt64, snap: UInt64 = 0) { block(1, [(type, 2), (0, 2), (snap, 4)]) }
        mutating func enhanced(_ interface: UInt64, _ data: [UInt8]) {
            block(6, [(interface, 4), (0, 8), (UInt64(data.count), 4), (UInt64(data.count), 4)], data)
        }
    }

    /// A packet of UDP from a port, as IP has it.
    private static func packet(_ port: UInt16) -> [UInt8] {
        [
            0x45, 0, 0, 32, 0, 7, 0, 0, 64, 17, 0, 0, 10, 9, 0, 1, 10, 8, 0, 1, UInt8(port >> 8), UInt8(port & 255), 0,
            53,
            0, 12, 0, 0, 1, 2, 3, 4,
        ]
    }

    /// The same in a frame of Ethernet.
    private static func frame(_ port: UInt16) -> [UInt8] { [UInt8](repeating: 2, count: 12) + [8, 0] + packet(port) }

    private static func pcap(
        magic: UInt32, isBig: Bool, minor: UInt16 = 4, snap: UInt32 = 262_144, packets: Int = 5
    ) -> [UInt8] {
        var writer = Writer(isBig: isBig)
        for (number, count) in [(UInt64(magic), 4), (2, 2), (UInt64(minor), 2), (0, 8), (UInt64(snap), 4), (1, 4)] {
            writer.put(number, count)
        }
        for index in 0..<packets {
            let data = frame(UInt16(5000 + index)) + [UInt8](repeating: 9, count: index)
            writer.put(7, 8)
            writer.put(UInt64(data.count + (minor < 4 ? 40 : 0)), 4)
            writer.put(UInt64(data.count), 4)
            if magic == 0xa1b2_cd34 { writer.put(0, 8) }
            writer.bytes += data
        }
        return writer.bytes
    }

    private static func pcapng(isBig: Bool) -> [UInt8] {
        var writer = Writer(isBig: isBig)
        writer.section()
        writer.interface(1, snap: 96)
        writer.interface(1, snap: 96)
        writer.enhanced(1, frame(5000))
        writer.block(5, [(0, 4), (1, 8)])
        writer.block(3, [(UInt64(frame(1).count), 4)], frame(5001))
        writer.block(2, [(0, 2), (3, 2), (0, 8), (46, 4), (60, 4)], frame(5002))
        writer.block(0x8000_0001, [], Array(0..<77))
        writer.enhanced(0, frame(5003) + [1, 2, 3])
        return writer.bytes
    }

    private static func file<Value>(_ bytes: [UInt8], _ body: (String) throws -> Value) rethrows -> Value {
        // mkstemp puts letters in place of the six X; the file goes with this call.
        var name = Array("/tmp/clusterip-capture-XXXXXX".utf8CString)
        let descriptor = mkstemp(&name)
        defer { close(descriptor) }
        _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        let path = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer { unlink(path) }
        return try body(path)
    }

    /// The source ports of all packets, and whether the capture ends well; nil when it cannot be opened.
    private static func ours(_ path: String) -> (ports: [UInt16], isWhole: Bool)? {
        guard let reader = try? CaptureReader(path: path) else { return nil }
        var batch = FlowBatch()
        var isWhole = true
        do { while try reader.read(into: &batch, limit: 2) {} } catch { isWhole = false }
        return ((0..<batch.count).map { batch[$0].sourcePort }, isWhole)
    }

    /// The same by libpcap; nil also when the link layer is another one.
    private static func theirs(_ path: String) -> (ports: [UInt16], isWhole: Bool)? {
        var error = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard let capture = pcap_open_offline(path, &error) else { return nil }
        defer { pcap_close(capture) }
        guard pcap_datalink(capture) == DLT_EN10MB else { return nil }
        let decoder = PacketDecoder(layer: .ethernet)
        var ports: [UInt16] = []
        var (header, data): (UnsafeMutablePointer<pcap_pkthdr>?, UnsafePointer<UInt8>?) = (nil, nil)
        var status = pcap_next_ex(capture, &header, &data)
        while status == 1, let found = header {
            let bytes = UnsafeRawBufferPointer(start: data, count: Int(found.pointee.caplen))
            if case .packet(let flow, _, _) = decoder.decode(bytes), flow.source.v4 != nil {
                ports.append(flow.sourcePort)
            }
            status = pcap_next_ex(capture, &header, &data)
        }
        return (ports, status == PCAP_ERROR_BREAK)
    }

    private static let captures: [[UInt8]] =
        [false, true].flatMap { isBig in
            [0xa1b2_c3d4, 0xa1b2_3c4d, 0xa1b2_cd34].map { pcap(magic: $0, isBig: isBig) }
                + [2, 3].map { pcap(magic: 0xa1b2_c3d4, isBig: isBig, minor: $0) }
                + [pcap(magic: 0xa1b2_c3d4, isBig: isBig, snap: 40), pcap(magic: 0xa1b2_c3d4, isBig: isBig, snap: 0)]
                + [pcap(magic: 0xa1b2_c3d4, isBig: isBig, packets: 0), pcapng(isBig: isBig)]
        }

    @Test(arguments: captures.indices)
    func whatLibpcapReadsIsReadAlike(index: Int) throws {
        try Self.file(Self.captures[index]) { path in
            let (ours, theirs) = (try #require(Self.ours(path)), try #require(Self.theirs(path)))
            #expect(ours.ports == theirs.ports)
            #expect(ours.isWhole && theirs.isWhole)
            #expect(!ours.ports.isEmpty || Self.captures[index].count == 24)
        }
    }

    @Test(arguments: captures.indices)
    func cutOffAnywhereItGivesWhatStandsBefore(index: Int) {
        let whole = Self.captures[index]
        for count in 0..<whole.count {
            Self.file(Array(whole[..<count])) { path in
                let (ours, theirs) = (Self.ours(path), Self.theirs(path))
                #expect(ours?.ports ?? [] == theirs?.ports ?? [], "\(count) of \(whole.count) bytes")
                if let ours, let theirs { #expect(ours.isWhole == theirs.isWhole, "\(count) of \(whole.count) bytes") }
            }
        }
    }

    @Test func whateverIsChangedBothReadersAgreeWhereBothAreContent() {
        var state: UInt64 = 7
        func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        var content = 0
        for _ in 0..<1500 {
            var bytes = Self.captures[next(Self.captures.count)]
            for _ in 0...next(3) { bytes[next(bytes.count)] = [0, 1, 4, 0x7f, 0xff, UInt8(next(256))][next(6)] }
            Self.file(bytes) { path in
                guard let ours = Self.ours(path), let theirs = Self.theirs(path), ours.isWhole, theirs.isWhole else {
                    return
                }
                content += 1
                #expect(ours.ports == theirs.ports, "\(bytes)")
            }
        }
        #expect(content > 200)
    }

    @Test(arguments: [false, true])
    func everyInterfaceHasItsOwnLinkLayer(isBig: Bool) throws {
        var writer = Writer(isBig: isBig)
        writer.section()
        writer.interface(189)  // USB, which is not read
        writer.interface(1)
        writer.interface(101)
        writer.interface(113)
        let packet = Self.packet
        writer.enhanced(1, Self.frame(6001))
        writer.enhanced(0, [1, 2, 3, 4])
        writer.enhanced(2, packet(6002))
        writer.interface(0)
        writer.enhanced(3, [UInt8](repeating: 0, count: 14) + [8, 0] + packet(6003))
        writer.enhanced(4, [2, 0, 0, 0] + packet(6004))
        // Another section begins, in the other order.
        writer.isBig.toggle()
        writer.section()
        writer.interface(101)
        writer.enhanced(0, packet(6005))
        try Self.file(writer.bytes) { path in
            let reader = try CaptureReader(path: path)
            var batch = FlowBatch()
            while try reader.read(into: &batch) {}
            #expect((0..<batch.count).map { batch[$0].sourcePort } == [6001, 6002, 6003, 6004, 6005])
            #expect((reader.counts.packets, reader.counts.otherLinkLayer) == (6, 1))
            #expect(reader.position == writer.bytes.count)
        }
    }

    @Test func aPacketOfNoInterfaceIsDamage() throws {
        var writer = Writer()
        writer.section()
        writer.interface(101)
        writer.enhanced(0, Self.packet(1))
        writer.enhanced(1, Self.packet(2))
        try Self.file(writer.bytes) { path in
            let found = try #require(Self.ours(path))
            #expect(found.ports == [1] && !found.isWhole)
        }
    }

    @Test(arguments: ["ethernet.pcap", "ethernet.pcap.gz", "raw.pcapng.zst", "raw.pcapng"])
    func aPipeIsReadLikeAFile(name: String) throws {
        let path = #filePath.replacing("CaptureFormatTests.swift", with: "Data/") + name
        let pipe = "/tmp/clusterip-pipe-\(getpid())-\(name)"
        #expect(mkfifo(pipe, 0o600) == 0)
        defer { unlink(pipe) }
        let writer = try #require(popen("cat '\(path)' > '\(pipe)'", "r"))
        defer { pclose(writer) }
        #expect(try Self.counts(pipe) == Self.counts(path))
    }

    private static func counts(_ path: String) throws -> CaptureCounts {
        let reader = try CaptureReader(path: path)
        var batch = FlowBatch()
        while try reader.read(into: &batch, limit: 2) {}
        return reader.counts
    }

    @Test func whatIsPackedAndDamagedIsToldOf() throws {
        let path = #filePath.replacing("CaptureFormatTests.swift", with: "Data/ethernet.pcap.gz")
        let file = try #require(fopen(path, "re"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = fread(&bytes, 1, bytes.count, file)
        // The sum at the end is wrong.
        bytes[count - 6] ^= 0xff
        try Self.file(Array(bytes[..<count])) { path in
            let reader = try CaptureReader(path: path)
            var batch = FlowBatch()
            let error = #expect(throws: CaptureError.self) { while try reader.read(into: &batch) {} }
            #expect(error?.description.contains("unpacking it failed with status 1") == true)
            #expect(reader.counts.packets == 10)
        }
    }
}
