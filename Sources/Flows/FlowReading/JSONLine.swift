import Responsibility

/// A flow as one JSON object: `{"protocol": "tcp", "source": "10.0.0.1", "source_port": 1234, …}`.
///
/// Members may be called as `ColumnNames` knows, on any level: of nested objects the names are joined, `source.ip`. Of an
/// array of objects the first counts.
struct JSONLine {
    private let line: Bytes
    private let names: ColumnNames
    private var index = 0
    private var fields = FlowFields()
    private var seen: [FlowField] = []
    private var message: Bytes?
    private var depth = 0
    /// Whether the object is one of those that programs write between flows.
    private var isBetween = false
    /// Whether the object is a packet of tshark's.
    private var isPacket = false
    /// Whether that packet has a header of IP.
    private var hasHeader = false

    /// What values were offered, where they stand and how they rank, if that is noted.
    private(set) var offers: [Offer] = []
    private let notesOffers: Bool

    /// A value that means something to a flow.
    struct Offer {
        var range: Range<Int>
        var field: FlowField
        var rank: Int
    }

    /// How deep objects may be nested.
    private static let deepest = 64

    init(_ line: Bytes, _ names: ColumnNames = ColumnNames(), notesOffers: Bool = false) {
        self.line = line
        self.names = names
        self.notesOffers = notesOffers
    }

    /// What the object is; nil when it has no source but a message, as the journal's, which is then in `text`.
    mutating func read(needs: FlowNeeds) throws(FlowLineError) -> FlowLine? {
        try object("")
        guard peek() == nil else { throw FlowLineError(.json, line) }
        if !fields.hasSource {
            if isBetween { return .skipped(.heading) }
            if message != nil { return nil }
            if isPacket, !hasHeader, fields.isEmpty { return .skipped(.notIP) }
            guard !isPacket else { throw FlowLineError(.missing(field: "source"), line) }
            return .flow(try fields.record(.json, line, needs: needs))
        }
        return try fields.content(.json, line, needs: needs)
    }

    /// The message of the journal's entry, as it was logged.
    var text: [UInt8]? { message.map(Self.unescaped) }

    private mutating func object(_ path: String) throws(FlowLineError) {
        depth += 1
        guard depth <= Self.deepest else { throw FlowLineError(.json, line) }
        defer { depth -= 1 }
        try take(UInt8(ascii: "{"))
        while peek() != UInt8(ascii: "}") {
            let name = try string()
            try take(UInt8(ascii: ":"))
            try member(name, path)
            guard peek() == UInt8(ascii: ",") else { break }
            try take(UInt8(ascii: ","))
            guard peek() == UInt8(ascii: "\"") else { throw FlowLineError(.json, line) }
        }
        try take(UInt8(ascii: "}"))
    }

    private mutating func member(_ name: Bytes, _ path: String) throws(FlowLineError) {
        if path.isEmpty { return try topMember(name) }
        let full = path + "." + name.text
        hasHeader = hasHeader || Self.headers.contains(where: name.equals)
        switch peek() {
        case UInt8(ascii: "{"): return try object(full)
        case UInt8(ascii: "["): return try array(full, name)
        default: offer(try scalar(), name, full)
        }
    }

    /// What tshark calls the headers of IP.
    private static let headers: [StaticString] = ["ip", "ipv6", "ip_raw", "ipv6_raw"]

    /// Takes a value within an object.
    private mutating func offer(_ value: Bytes, _ name: Bytes, _ full: String) {
        // Programs prefix what they nest, as tshark its layers: a name that tells its protocol counts by itself.
        let isQualified = name.contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_") }
        guard let meaning = names.meaning(of: full) ?? (isQualified ? names.meaning(of: name.text) : nil) else {
            return
        }
        offer(value, meaning, rank: meaning.rank + 100)
    }

    private mutating func offer(_ value: Bytes, _ meaning: ColumnNames.Meaning, rank: Int) {
        if notesOffers, let start = line.baseAddress, let place = value.baseAddress {
            offers.append(Offer(range: place - start..<place - start + value.count, field: meaning.field, rank: rank))
        }
        guard !value.equals("null") else { return }
        fields.offer(value, meaning.field, rank: rank, implying: meaning.transport)
    }

    /// A member on the first level.
    private mutating func topMember(_ name: Bytes) throws(FlowLineError) {
        let first = peek()
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            isBetween = isBetween || Self.between.contains(where: name.equals)
            isPacket = isPacket || name.equals("layers") || name.equals("_source")
            return first == UInt8(ascii: "{") ? try object(name.text) : try array(name.text, name)
        }
        let value = try scalar()
        if name.equals("MESSAGE") { message = value }
        guard let meaning = names.meaning(ofMember: name) else { return }
        if name.count == meaning.field.rawValue.utf8.count, name.elementsEqual(meaning.field.rawValue.utf8) {
            guard !seen.contains(meaning.field) else {
                throw FlowLineError(.repeated(field: meaning.field.rawValue), line)
            }
            seen.append(meaning.field)
        }
        offer(value, meaning, rank: meaning.rank)
    }

    /// Elasticsearch's line before a document, Suricata's statistics.
    private static let between: [StaticString] = ["index", "stats"]

    /// An array: its first element counts if it is an object or a value.
    private mutating func array(_ path: String, _ name: Bytes) throws(FlowLineError) {
        depth += 1
        guard depth <= Self.deepest else { throw FlowLineError(.json, line) }
        defer { depth -= 1 }
        try take(UInt8(ascii: "["))
        var isFirst = true
        while let byte = peek(), byte != UInt8(ascii: "]") {
            if byte == UInt8(ascii: "{"), isFirst {
                try object(path)
            } else if byte != UInt8(ascii: "{"), byte != UInt8(ascii: "["), isFirst {
                offer(try scalar(), name, path)
            } else {
                _ = try skipped()
            }
            isFirst = false
            guard peek() == UInt8(ascii: ",") else { break }
            try take(UInt8(ascii: ","))
        }
        try take(UInt8(ascii: "]"))
    }

    /// The next byte that is not a space.
    private mutating func peek() -> UInt8? {
        while index < line.count, line[index].isSpace || line[index] == 0x0a { index += 1 }
        return index < line.count ? line[index] : nil
    }

    private mutating func take(_ byte: UInt8) throws(FlowLineError) {
        guard peek() == byte else { throw FlowLineError(.json, line) }
        index += 1
    }

    /// A string without its quotation marks; escapes stay as they are, since no value that matters has any.
    private mutating func string() throws(FlowLineError) -> Bytes {
        try take(UInt8(ascii: "\""))
        let start = index
        while index < line.count, line[index] != UInt8(ascii: "\"") {
            index += line[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard index < line.count else { throw FlowLineError(.json, line) }
        index += 1
        return line.part(start, index - 1)
    }

    /// A string's content, or a number or word as it is.
    private mutating func scalar() throws(FlowLineError) -> Bytes {
        guard let first = peek() else { throw FlowLineError(.json, line) }
        if first == UInt8(ascii: "\"") { return try string() }
        let start = index
        while index < line.count, !line[index].isSpace, line[index] != UInt8(ascii: ","),
            line[index] != UInt8(ascii: "}"), line[index] != UInt8(ascii: "]"), line[index] != 0x0a
        { index += 1 }
        guard index > start else { throw FlowLineError(.json, line) }
        return line.part(start, index)
    }

    /// A value of any form as it is written.
    private mutating func skipped() throws(FlowLineError) -> Bytes {
        guard let first = peek() else { throw FlowLineError(.json, line) }
        let start = index
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
            _ = try scalar()
            return line.part(start, index)
        }
        var open = 0
        repeat {
            guard let byte = peek() else { throw FlowLineError(.json, line) }
            if byte == UInt8(ascii: "\"") {
                _ = try string()
                continue
            }
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { open += 1 }
            if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") { open -= 1 }
            index += 1
        } while open > 0
        return line.part(start, index)
    }

    private static func unescaped(_ text: Bytes) -> [UInt8] {
        var (bytes, isEscaped) = ([UInt8](), false)
        for byte in text {
            if !isEscaped, byte == UInt8(ascii: "\\") {
                isEscaped = true
                continue
            }
            let isBreak = isEscaped && [UInt8(ascii: "n"), UInt8(ascii: "t"), UInt8(ascii: "r")].contains(byte)
            bytes.append(isBreak ? 0x20 : byte)
            isEscaped = false
        }
        return bytes
    }
}

/// The members of an object of JSON as they are written, in order.
public struct JSONMembers {
    /// A member: its name, without quotation marks and with escapes as they are, and where its value stands.
    public struct Member {
        /// The name.
        public var name: String
        /// Where the value stands in the text, quotation marks included.
        public var value: Range<Int>
    }

    /// The members on the first level.
    public private(set) var members: [Member] = []

    /// The members of a text; nil when it is no object.
    public init?(_ text: UnsafeRawBufferPointer) {
        var reader = JSONLine(text)
        guard let found = try? reader.topMembers() else { return nil }
        members = found
    }
}

extension JSONLine {
    fileprivate mutating func topMembers() throws(FlowLineError) -> [JSONMembers.Member] {
        var members: [JSONMembers.Member] = []
        try take(UInt8(ascii: "{"))
        while peek() != UInt8(ascii: "}") {
            let name = try string().text
            try take(UInt8(ascii: ":"))
            _ = peek()
            let start = index
            _ = try skipped()
            members.append(JSONMembers.Member(name: name, value: start..<index))
            guard peek() == UInt8(ascii: ",") else { break }
            try take(UInt8(ascii: ","))
        }
        try take(UInt8(ascii: "}"))
        return members
    }
}
