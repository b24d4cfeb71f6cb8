import Responsibility

/// Reads flows from text as operators have it, each line in whatever form it is.
///
/// The forms are those of `FlowLineFormat`; what a log writes in front of a line is passed over. Any bytes give a flow, a
/// skipped line or an error; lines are UTF-8 without their newline. A parser remembers the last header line, what the
/// last line of tcpdump announced, an object of JSON that goes on, and whether a block ended within a line that is too
/// long. Numbers in text are decimal; marks may be hexadecimal after 0x, and seeds and counts of buckets are read as nft
/// and iptables read them. Source: this library; `FlowLineFormat` names that of each form.
public struct FlowParser: Sendable {
    /// The longest line that is read, in bytes without its newline; a longer one is the error `tooLong`.
    public static let maximumLineLength = 65_536

    /// The columns of the last header line; nil before the first.
    public private(set) var layout: RowLayout? {
        didSet { layoutCount += 1 }
    }
    /// How many header lines there were.
    private(set) var layoutCount = 0
    /// Whether the last line that was a flow is a row of the layout, or an object, as a whole.
    private(set) var isRow = false
    /// Whether the next block begins with the rest of a line that was too long.
    var isInLongLine = false
    private let needs: FlowNeeds
    private let columns: ColumnNames
    private var tcpdump = TcpdumpLine()
    private var object = JSONAssembly()
    private var quickWay = QuickWay()
    /// Whether the last line named the sums that nfdump's CSV ends with.
    private var isBehindSums = false

    /// A parser that has seen no line; a flow must have those ports that the scheme it is read for hashes.
    public init(needing ports: HashedPorts = .both) { self.init(needs: FlowNeeds(ports: ports)) }

    /// A parser for a scheme with these needs; `columns` say what names of columns mean.
    public init(needs: FlowNeeds, columns: ColumnNames = ColumnNames()) {
        self.needs = needs
        self.columns = columns
    }

    /// What a line is, without its newline; a mistake is a value, nothing is thrown.
    public mutating func parse(_ line: String) -> FlowLine {
        var line = line
        return line.withUTF8 { parse(UnsafeRawBufferPointer($0)) }
    }

    /// What a line of bytes is; the bytes are only read during the call.
    public mutating func parse(_ line: UnsafeRawBufferPointer) -> FlowLine {
        isRow = false
        guard line.count <= Self.maximumLineLength else { return .error(FlowLineError(.tooLong, line)) }
        let text = line.trimmed
        guard let first = text.first else { return .skipped(.blank) }
        do throws(FlowLineError) {
            if first == UInt8(ascii: "#"), !tcpdump.isInPacket { return try comment(text) }
            return try recognise(text, line)
        } catch {
            return .error(error)
        }
    }

    /// A comment, which may be Zeek's line of column names.
    private mutating func comment(_ text: Bytes) throws(FlowLineError) -> FlowLine {
        guard text.begins(with: "#fields\t"), let found = try RowLayout(text, columns) else {
            return .skipped(.comment)
        }
        layout = found
        return .skipped(.heading)
    }

    private mutating func recognise(_ text: Bytes, _ line: Bytes) throws(FlowLineError) -> FlowLine {
        let isSum = isBehindSums
        isBehindSums = text.begins(with: "flows,bytes,packets,avg_bps")
        if isSum { return .skipped(.heading) }
        if object.isOpen || text.first == UInt8(ascii: "{") || text.equals("[") || text.equals("]") {
            if let read = try json(text) { return read }
        }
        guard let layout, layout.fits(layout.separator == UInt8(ascii: "\t") ? line : text) else {
            return try other(text, line)
        }
        do throws(FlowLineError) {
            let row = layout.separator == UInt8(ascii: "\t") ? line : text
            let read = try layout.read(row, needs: needs)
            if case .flow = read { isRow = true }
            return read
        } catch {
            // Another program's line may have as many commas.
            if let read = try? other(text, line) { return read }
            throw error
        }
    }

    /// A line that is no row and no object.
    private mutating func other(_ text: Bytes, _ line: Bytes) throws(FlowLineError) -> FlowLine {
        if tcpdump.isInPacket, let packet = try tcpdump.read(text, raw: line, needs: needs) { return packet }
        let bare = LogPrefix.removed(from: text)
        if TcpdumpLine.beginsTimed(bare) {
            if let packet = try tcpdump.read(bare, raw: bare, needs: needs) { return packet }
        }
        if let access = try AccessLine.read(bare, needs: needs) { return access }
        if let flow = try ArrowLine.read(bare, needs: needs) { return flow }
        if let entry = try ConntrackLine.read(bare, needing: needs.ports) { return entry }
        if let packet = try FirewallLine.read(bare, needing: needs.ports) { return packet }
        if let read = try flowLog(bare) { return read }
        if TsharkLine.isBytes(bare) { return .skipped(.continuation) }
        if let socket = try SocketLine.read(bare, needing: needs.ports) { return socket }
        if let file = try OpenFileLine.read(bare, needing: needs.ports) { return file }
        if let packet = try TsharkLine.read(bare, needs: needs) { return packet }
        if let packet = try tcpdump.read(bare, raw: bare.count == text.count ? line : bare, needs: needs) {
            return packet
        }
        return try table(text, line)
    }

    /// A header line, a line of a table without one, or nothing that is understood.
    private mutating func table(_ text: Bytes, _ line: Bytes) throws(FlowLineError) -> FlowLine {
        if let found = try RowLayout(text, columns) {
            layout = found
            return .skipped(.heading)
        }
        if line.first == UInt8(ascii: "\t") { return .skipped(.continuation) }
        guard text.position(of: UInt8(ascii: ",")) != nil else { throw FlowLineError(.unrecognised, text) }
        guard let layout, layout.separator == UInt8(ascii: ",") else { throw FlowLineError(.noHeader, text) }
        return try layout.read(text, needs: needs)
    }

    /// A line of a flow log of Amazon's without a header: fourteen words, the last but one what was done.
    private func flowLog(_ text: Bytes) throws(FlowLineError) -> FlowLine? {
        guard text.first?.isDigit == true, text.contains(" eni-"), let layout = RowLayout.flowLog, layout.fits(text)
        else { return nil }
        var (words, action, status) = (Words(text), text, text)
        while let word = words.next() { (action, status) = (status, word) }
        if status.equals("NODATA") || status.equals("SKIPDATA") { return .skipped(.heading) }
        guard action.equals("ACCEPT") || action.equals("REJECT") else { return nil }
        return try layout.read(text, needs: needs)
    }

    /// A line of JSON: an object, a part of one over several lines, or what stands between them; nil for no such part.
    private mutating func json(_ text: Bytes) throws(FlowLineError) -> FlowLine? {
        if !object.isOpen {
            if text.count == 1, text.first != UInt8(ascii: "{") { return .skipped(.heading) }
            // An object over several lines is cut where printers cut it; any other without its end is wrong.
            guard let last = text.last,
                last == UInt8(ascii: "{") || last == UInt8(ascii: ",") || last == UInt8(ascii: "[")
            else {
                let read = try whole(text, isLine: true)
                if case .flow(let record) = read { isRow = record.format == .json }
                return read
            }
        }
        switch try object.take(text) {
        case .none: return nil
        case .open: return .skipped(.continuation)
        case .whole(let bytes):
            return try Self.with(bytes) { (bytes) throws(FlowLineError) in try whole(bytes) }
        }
    }

    /// A whole object; of the journal's the message is read.
    private mutating func whole(_ text: Bytes, isLine: Bool = false) throws(FlowLineError) -> FlowLine {
        var object = JSONLine(text, columns, notesOffers: isLine && quickWay.learns)
        if let read = try object.read(needs: needs) {
            if case .flow = read { quickWay.learn(text, object.offers) }
            return read
        }
        return try Self.with(object.text ?? []) { (bytes) throws(FlowLineError) in
            let message = bytes.trimmed
            guard let first = message.first, first != UInt8(ascii: "{") else { throw FlowLineError(.json, text) }
            return try other(message, message)
        }
    }

    private static func with<Result>(
        _ bytes: [UInt8], _ body: (Bytes) throws(FlowLineError) -> Result
    ) throws(FlowLineError) -> Result {
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, bytes.count), alignment: 1)
        defer { room.deallocate() }
        room.copyBytes(from: bytes)
        return try body(Bytes(rebasing: Bytes(room)[..<bytes.count]))
    }
}

/// An object of JSON whose lines come one by one, as tshark and nfdump write it.
struct JSONAssembly: Sendable {
    /// The longest object, in bytes.
    private static let longest = 1 << 19

    /// What a line made of the object.
    enum Step {
        /// The line is no part of it; the object ends without its close.
        case none
        /// It goes on.
        case open
        /// This is the whole object.
        case whole([UInt8])
    }

    private var bytes: [UInt8] = []
    private var depth = 0

    /// Whether an object goes on.
    var isOpen: Bool { !bytes.isEmpty }

    /// Ends an object that goes on at the end of the input: that is a mistake; nil when there is none.
    mutating func rest() -> FlowLineError? {
        guard isOpen else { return nil }
        defer { self = JSONAssembly() }
        return bytes.withUnsafeBytes { FlowLineError(.json, $0) }
    }

    /// Takes a line; throws when an object ends without its close, or is too long.
    mutating func take(_ line: Bytes) throws(FlowLineError) -> Step {
        let first = line.first ?? 0
        let isPart = first.isDigit || [0x22, 0x7b, 0x7d, 0x5b, 0x5d, 0x2d].contains(first)
        guard isPart, bytes.count + line.count < Self.longest else {
            self = JSONAssembly()
            guard !isPart else { throw FlowLineError(.tooLong, line) }
            return .none
        }
        var (isString, isEscaped) = (false, false)
        for byte in line {
            bytes.append(byte)
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = isString
            } else if byte == UInt8(ascii: "\"") {
                isString.toggle()
            } else if !isString {
                if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { depth += 1 }
                if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") { depth -= 1 }
                if depth == 0 { break }
            }
        }
        bytes.append(UInt8(ascii: "\n"))
        guard depth <= 0 else { return .open }
        defer { self = JSONAssembly() }
        return .whole(bytes)
    }
}

extension FlowParser {
    /// Reads the lines of a block of text into a batch; returns how many bytes were read.
    ///
    /// Unless the block is the last one, what follows its last newline is left: hand it in again, in front of the next
    /// block. A line that fills a whole block is one line too long, wherever it ends; blocks must hold more than
    /// `maximumLineLength` bytes. Mistakes go to the batch's `others`, with the numbers of their lines; nothing is thrown.
    public mutating func parse(
        block: UnsafeRawBufferPointer, isLast: Bool, into batch: inout FlowBatch
    ) -> Int {
        defer { if isLast, let rest = object.rest() { batch.append(.error(rest)) } }
        quickWay.learns = !batch.keepsMarks
        var start = isInLongLine ? endOfLongLine(block) : 0
        while start < block.count {
            start = quick(block, start, &batch)
            guard start < block.count else { break }
            let newline = block.position(of: UInt8(ascii: "\n"), from: start)
            let fillsBlock = newline == nil && !isLast && start == 0 && block.count > Self.maximumLineLength
            guard newline != nil || isLast || fillsBlock else { break }
            var end = newline ?? block.count
            var more = 0
            if let row = openRow(block, start, end, isLast) {
                guard row.isWhole || isLast || start == 0 && block.count > Self.maximumLineLength else { break }
                if row.isWhole { (end, more) = (row.end, row.newlines) }
            }
            batch.lineCount += 1
            let content = parse(block.part(start, end))
            if case .flow(let record) = content { quickWay.form = record.format }
            batch.append(content, from: isRow ? start..<end : nil, in: isRow ? self : nil)
            batch.lineCount += more
            isInLongLine = fillsBlock
            start = end < block.count ? end + 1 : end
        }
        return start
    }

    /// Where a row ends that has newlines within quotation marks; nil for any other line.
    ///
    /// A row that does not end in the block is not whole. One that is too long, or has another number of values than its
    /// header, has a quotation mark too many: then the line alone counts.
    private func openRow(
        _ block: UnsafeRawBufferPointer, _ start: Int, _ lineEnd: Int, _ isLast: Bool
    ) -> (end: Int, newlines: Int, isWhole: Bool)? {
        guard let layout, !object.isOpen, layout.isOpen(block.part(start, lineEnd)) else { return nil }
        var (end, newlines) = (lineEnd, 0)
        while layout.isOpen(block.part(start, end)) {
            guard end < block.count else { return (end, newlines, false) }
            let newline = block.position(of: UInt8(ascii: "\n"), from: end + 1)
            guard newline != nil || isLast else { return (block.count, newlines, false) }
            end = newline ?? block.count
            newlines += 1
            guard end - start <= Self.maximumLineLength, newlines <= 64 else { return nil }
        }
        return layout.fits(block.part(start, end)) ? (end, newlines, true) : nil
    }

    /// Takes the lines that go a quick way; returns the offset of the first other.
    private mutating func quick(_ block: UnsafeRawBufferPointer, _ start: Int, _ batch: inout FlowBatch) -> Int {
        guard !object.isOpen, !isBehindSums else { return start }
        if tcpdump.isInPacket {
            guard layout == nil, quickWay.form == .tcpdump, !batch.keepsMarks else { return start }
            let end = quickWay.take(block, start, &batch, needs)
            if end > start { tcpdump.passed() }
            return end
        }
        if layout != nil { return batch.appendFastRows(of: block, from: start, in: self) }
        let end = batch.appendFastLines(of: block, from: start)
        return batch.keepsMarks ? end : quickWay.take(block, end, &batch, needs)
    }

    /// Where the rest of a line that was too long ends.
    private mutating func endOfLongLine(_ block: UnsafeRawBufferPointer) -> Int {
        guard let newline = block.position(of: UInt8(ascii: "\n")) else { return block.count }
        isInLongLine = false
        return newline + 1
    }
}

/// The forms of text in which operators have flows; each line is recognised by itself.
public enum FlowLineFormat: String, CaseIterable, Sendable, Codable {
    /// `tcp 10.0.0.1:1234 -> 10.0.0.2:80`, the same as typed without the arrow, and lines of nfdump.
    case plain
    /// An entry of connection tracking: the original direction. Source: conntrack(8) and
    /// net/netfilter/nf_conntrack_standalone.c.
    case conntrack
    /// A packet of the kernel's log, by iptables' LOG or nftables' `log`. Source: net/netfilter/nf_log_syslog.c.
    case firewall = "log"
    /// A line of `ss` or `netstat`, seen on the node: the peer is the source. Source: ss(8) and netstat(8).
    case socket = "ss"
    /// A line of `lsof -i`, seen on the node: the peer is the source. Source: lsof(8).
    case openFile = "lsof"
    /// A line of `tcpdump -n`: the packet's own direction. Source: tcpdump(1).
    case tcpdump
    /// A line of `tshark -n`: the packet's own direction. Source: tshark(1).
    case tshark
    /// A line of the log of a web server or proxy, which begins with the client's address.
    case access
    /// A line of values under a header line that names at least the source, separated by commas, semicolons, tabs or
    /// blanks. Source: RFC 4180.
    case csv
    /// A line of NDJSON: one object, whose members have the names of such columns. Source: RFC 8259.
    case json = "ndjson"
}
