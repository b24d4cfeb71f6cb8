import CPcap

/// Where the reading of a capture stands, and how it goes on from there.
struct CaptureCursor {
    private let path: String
    private let bytes: CaptureBytes
    private let makeDecoder: (LinkLayer) -> PacketDecoder
    private var section = PcapngSection()
    /// The bytes that are there; those before the offset are read.
    private var window = UnsafeRawBufferPointer(start: nil, count: 0)
    private var offset = 0

    /// The start of a capture, whose packets are read by decoders that `makeDecoder` makes.
    init(path: String, _ bytes: CaptureBytes, makeDecoder: @escaping (LinkLayer) -> PacketDecoder) {
        (self.path, self.bytes, self.makeDecoder) = (path, bytes, makeDecoder)
    }

    /// Where it stands, in bytes.
    var position: Int { bytes.passed &+ offset }

    /// Reads what stands before the first packet.
    mutating func begin() throws(CaptureError) -> CaptureFormat {
        window = bytes.refill(passing: 0, need: PcapHeader.size)
        guard let format = CaptureFormat(window) else {
            throw CaptureError(
                "the capture \(path) cannot be read: \(bytes.failure ?? "it is neither pcap nor pcapng")")
        }
        switch format {
        case .pcap(let header):
            guard let layer = LinkLayer(number: header.linkType) else { throw unreadable(header.linkType) }
            section.interfaces = [
                .init(linkType: header.linkType, decoder: makeDecoder(layer), snapLength: header.snapLength)
            ]
            offset = PcapHeader.size
        case .pcapng: try readToFirstPacket()
        }
        return format
    }

    // MARK: pcap

    /// Reads so many records at most; false at the end of the capture.
    mutating func readRecords(
        _ header: PcapHeader, into intake: inout PacketIntake, _ limit: Int
    ) throws(CaptureError) -> Bool {
        guard let interface = section.interfaces.first, let decoder = interface.decoder else { return false }
        for _ in 0..<limit {
            if window.count - offset < header.recordSize {
                (window, offset) = (bytes.refill(passing: offset, need: header.recordSize), 0)
                guard window.count >= header.recordSize else { return try end(window, intake.counts) }
            }
            let captured = header.capturedLength(window, offset)
            guard captured <= CaptureFormat.longestPacket else {
                throw damaged(intake.counts, "a packet of \(captured) bytes")
            }
            let length = header.recordSize + captured
            if window.count - offset < length {
                (window, offset) = (bytes.refill(passing: offset, need: length), 0)
                guard window.count >= length else { return try end(window, intake.counts) }
            }
            let start = offset + header.recordSize
            intake.take(
                UnsafeRawBufferPointer(rebasing: window[start..<(start + min(captured, interface.snapLength))]), decoder
            )
            offset += length
        }
        return true
    }

    // MARK: pcapng

    /// Reads what stands before the first packet.
    private mutating func readToFirstPacket() throws(CaptureError) {
        while let block = try nextBlock(CaptureCounts()) {
            if case .packet = block.kind { break }
            try take(block)
        }
        guard let first = section.interfaces.first else {
            throw CaptureError("the capture \(path) cannot be read: it describes no interface before its first packet")
        }
        if section.interfaces.allSatisfy({ $0.decoder == nil }) { throw unreadable(first.linkType) }
    }

    /// Reads so many blocks at most; false at the end of the capture.
    mutating func readBlocks(into intake: inout PacketIntake, _ limit: Int) throws(CaptureError) -> Bool {
        for _ in 0..<limit {
            guard let block = try nextBlock(intake.counts) else { return false }
            guard case .packet(let number, let start, let captured) = block.kind else {
                try take(block)
                continue
            }
            guard section.interfaces.indices.contains(number) else {
                throw damaged(intake.counts, "a packet of interface \(number), which was not described")
            }
            let interface = section.interfaces[number]
            let first = offset + start
            if let decoder = interface.decoder {
                intake.take(UnsafeRawBufferPointer(rebasing: window[first..<(first + captured)]), decoder)
            } else {
                intake.counts.packets &+= 1
                intake.counts.otherLinkLayer &+= 1
            }
            offset += block.length
        }
        return true
    }

    /// The block that begins at the offset, all of it in the window; nil at the end of the capture.
    @inline(__always)
    private mutating func nextBlock(_ counts: CaptureCounts) throws(CaptureError) -> PcapngBlock? {
        if window.count - offset < PcapngBlock.shortest {
            (window, offset) = (bytes.refill(passing: offset, need: PcapngBlock.shortest), 0)
            guard window.count >= PcapngBlock.shortest else {
                _ = try end(window, counts)
                return nil
            }
        }
        let isSection = window.loadUnaligned(fromByteOffset: offset, as: UInt32.self) == PcapngBlock.sectionHeader
        if isSection, !section.begins(UnsafeRawBufferPointer(rebasing: window[offset...])) {
            throw damaged(counts, "a section whose order of bytes is none")
        }
        let length = Int(section.order.word32(window, offset + 4))
        guard length % 4 == 0, (PcapngBlock.shortest...PcapngBlock.longest).contains(length) else {
            throw damaged(counts, "a block of \(length) bytes")
        }
        if window.count - offset < length {
            (window, offset) = (bytes.refill(passing: offset, need: length), 0)
            guard window.count >= length else {
                _ = try end(window, counts)
                return nil
            }
        }
        let block = PcapngBlock(
            UnsafeRawBufferPointer(rebasing: window[offset..<(offset + length)]), section.order,
            firstSnapLength: section.interfaces.first?.snapLength ?? 0)
        guard let block else { throw damaged(counts, "a block whose lengths differ") }
        return block
    }

    /// Takes a block that is no packet.
    private mutating func take(_ block: PcapngBlock) throws(CaptureError) {
        if case .interface = block.kind {
            let number = Int32(section.order.word16(window, offset + 8))
            let length = section.order.word32(window, offset + 12)
            guard section.interfaces.count < PcapngSection.interfaceLimit else {
                throw damaged(CaptureCounts(), "more than \(PcapngSection.interfaceLimit) interfaces")
            }
            section.interfaces.append(
                .init(
                    linkType: number, decoder: LinkLayer(number: number).map(makeDecoder),
                    snapLength: length == 0 || length > Int32.max ? CaptureFormat.longestPacket : Int(length)))
        }
        offset += block.length
    }

    // MARK: Ends

    /// The input ends here; false when that is between two packets.
    private func end(_ window: UnsafeRawBufferPointer, _ counts: CaptureCounts) throws(CaptureError) -> Bool {
        if let failure = bytes.failure { throw damaged(counts, failure) }
        guard window.isEmpty else { throw damaged(counts, "it ends within a packet") }
        return false
    }

    private func damaged(_ counts: CaptureCounts, _ what: String) -> CaptureError {
        CaptureError("the capture \(path) is damaged after packet \(counts.packets): \(what)")
    }

    private func unreadable(_ linkType: Int32) -> CaptureError {
        let name = pcap_datalink_val_to_name(linkType).map { String(cString: $0) } ?? "number \(linkType)"
        return CaptureError("the capture \(path) has the link layer \(name); \(LinkLayer.readable)")
    }
}

/// What a section of pcapng has told of itself.
struct PcapngSection {
    /// An interface whose packets are in the section.
    struct Interface {
        /// The number of its link layer.
        var linkType: Int32 = 0
        /// Reads its packets; nil for a link layer that is not read.
        var decoder: PacketDecoder?
        /// No packet is longer than this.
        var snapLength: Int
    }

    /// The most interfaces of a section that are remembered.
    static let interfaceLimit = 65_536

    var order = CaptureOrder(isSwapped: false)
    var interfaces: [Interface] = []

    /// Begins a section anew with the block that describes it, of which twelve bytes are there; false when it is none.
    mutating func begins(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let magic = bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)
        guard magic == 0x1a2b_3c4d || magic.byteSwapped == 0x1a2b_3c4d else { return false }
        self = PcapngSection(order: CaptureOrder(isSwapped: magic != 0x1a2b_3c4d))
        return true
    }
}
