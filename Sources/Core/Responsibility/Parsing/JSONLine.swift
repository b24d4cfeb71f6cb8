/// A flow as one JSON object: `{"protocol": "tcp", "source": "10.0.0.1", "source_port": 1234, …}`.
///
/// Only the names of `FlowField` matter; other members are passed over, of whatever form.
struct JSONLine {
    private let line: Bytes
    private var index = 0

    init(_ line: Bytes) { self.line = line }

    /// The record of the object.
    mutating func record(needing ports: HashedPorts) throws(FlowLineError) -> FlowRecord {
        var fields = FlowFields()
        var seen: [FlowField] = []
        try take(UInt8(ascii: "{"))
        while peek() != UInt8(ascii: "}") {
            let name = try string()
            try take(UInt8(ascii: ":"))
            let value = try self.value()
            if let field = FlowField(name) {
                guard !seen.contains(field) else { throw FlowLineError(.repeated(field: field.rawValue), line) }
                seen.append(field)
                try fields.set(field, value.equals("null") ? value.part(0, 0) : value)
            }
            guard peek() == UInt8(ascii: ",") else { break }
            try take(UInt8(ascii: ","))
            guard peek() == UInt8(ascii: "\"") else { throw FlowLineError(.json, line) }
        }
        try take(UInt8(ascii: "}"))
        guard peek() == nil else { throw FlowLineError(.json, line) }
        return try fields.record(.json, line, needing: ports)
    }

    /// The next byte that is not a space.
    private mutating func peek() -> UInt8? {
        while index < line.count, line[index].isSpace { index += 1 }
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

    /// A value: a string's content, a number or word as it is, an object or array as a whole.
    private mutating func value() throws(FlowLineError) -> Bytes {
        guard let first = peek() else { throw FlowLineError(.json, line) }
        if first == UInt8(ascii: "\"") { return try string() }
        let start = index
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            try skipNested()
        } else {
            while index < line.count, !line[index].isSpace, line[index] != UInt8(ascii: ","),
                line[index] != UInt8(ascii: "}")
            { index += 1 }
        }
        guard index > start else { throw FlowLineError(.json, line) }
        return line.part(start, index)
    }

    private mutating func skipNested() throws(FlowLineError) {
        var depth = 0
        repeat {
            guard let byte = peek() else { throw FlowLineError(.json, line) }
            switch byte {
            case UInt8(ascii: "\""): _ = try string()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                index += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                index += 1
            default: index += 1
            }
        } while depth > 0
    }
}
