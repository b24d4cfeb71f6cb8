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
