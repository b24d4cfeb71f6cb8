/// Reads flows from text as operators have it, each line in whatever form it is.
///
/// The forms are those of `FlowLineFormat`. Any bytes give a flow, a skipped line or an error; lines are UTF-8 without
/// their newline. A parser remembers nothing but the last CSV header, and whether a block ended within a line that is too
/// long. Numbers in text are decimal; marks, seeds and counts of buckets may be hexadecimal after 0x. Source: this library;
/// `FlowLineFormat` names that of each form.
public struct FlowParser: Sendable {
    /// The longest line that is read, in bytes without its newline; a longer one is the error `tooLong`.
    public static let maximumLineLength = 65_536

    /// The ports that a flow must have when its protocol has ports; a missing one that is not needed is 0.
    private let ports: HashedPorts
    private var header: CSVHeader?
    /// Whether the next block begins with the rest of a line that was too long.
    var isInLongLine = false

    /// A parser that has seen no line; a flow must have those ports that the scheme it is read for hashes.
    public init(needing ports: HashedPorts = .both) { self.ports = ports }

    /// What a line is, without its newline; a mistake is a value, nothing is thrown.
    public mutating func parse(_ line: String) -> FlowLine {
        var line = line
        return line.withUTF8 { parse(UnsafeRawBufferPointer($0)) }
    }

    /// What a line of bytes is; the bytes are only read during the call.
    public mutating func parse(_ line: UnsafeRawBufferPointer) -> FlowLine {
        guard line.count <= Self.maximumLineLength else { return .error(FlowLineError(.tooLong, line)) }
        let text = line.trimmed
        guard let first = text.first else { return .skipped(.blank) }
        if first == UInt8(ascii: "#") { return .skipped(.comment) }
        do throws(FlowLineError) {
            return try recognise(text, line)
        } catch {
            return .error(error)
        }
    }

    private mutating func recognise(_ text: Bytes, _ line: Bytes) throws(FlowLineError) -> FlowLine {
        if text.first == UInt8(ascii: "{") {
            var object = JSONLine(text)
            return .flow(try object.record(needing: ports))
        }
        if let record = try PlainLine.record(text, needing: ports) { return .flow(record) }
        if ConntrackLine.matches(text) { return .flow(try ConntrackLine.record(text)) }
        if text.begins(with: "conntrack v") { return .skipped(.heading) }
        if let socket = try SocketLine.read(text) { return socket }
        if let packet = try TcpdumpLine.read(text) { return packet }
        if text.position(of: UInt8(ascii: ",")) != nil { return try commaSeparated(text) }
        if line.first == UInt8(ascii: "\t") { return .skipped(.continuation) }
        throw FlowLineError(.unrecognised, text)
    }

    private mutating func commaSeparated(_ text: Bytes) throws(FlowLineError) -> FlowLine {
        if let found = try CSVHeader(text) {
            header = found
            return .skipped(.heading)
        }
        guard let header else { throw FlowLineError(.noHeader, text) }
        return .flow(try header.record(text, needing: ports))
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
        var start = isInLongLine ? endOfLongLine(block) : 0
        while start < block.count {
            start = batch.appendFastLines(of: block, from: start)
            guard start < block.count else { break }
            let newline = block.position(of: UInt8(ascii: "\n"), from: start)
            let fillsBlock = newline == nil && !isLast && start == 0 && block.count > Self.maximumLineLength
            guard newline != nil || isLast || fillsBlock else { break }
            let end = newline ?? block.count
            batch.lineCount += 1
            batch.append(parse(block.part(start, end)))
            isInLongLine = fillsBlock
            start = newline == nil ? end : end + 1
        }
        return start
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
    /// `tcp 10.0.0.1:1234 -> 10.0.0.2:80`.
    case plain
    /// A line of `conntrack -L`, `conntrack -E` or /proc/net/nf_conntrack: the original direction. Source: conntrack(8)
    /// and net/netfilter/nf_conntrack_standalone.c.
    case conntrack
    /// A line of `ss -tn`, seen on the node: the peer is the source. Source: ss(8) of iproute2.
    case socket = "ss"
    /// A line of `tcpdump -n`: the packet's own direction. Source: tcpdump(1).
    case tcpdump
    /// A line of CSV, after a header line that names at least protocol, source and destination. Source: RFC 4180,
    /// without quotation marks inside a cell.
    case csv
    /// A line of NDJSON: one object of one level, with the names of the CSV columns. Source: RFC 8259.
    case json = "ndjson"
}
