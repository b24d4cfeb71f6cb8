import ClusterModel
import Responsibility

/// The lines of steps and of their success, written and read without a JSON coder: between a release and its claim nobody
/// answers, and one line of each kind stands there.
///
/// They are the lines that the coder writes, byte for byte. Any other line, also one that means the same, is the coder's.
enum StepLine {
    /// The line of a frame, with its newline; nil when the frame or one of its texts is the coder's to write.
    static func line(_ frame: AgentFrame) -> [UInt8]? {
        var writer = Writer()
        switch frame {
        case .call(let number, .apply(let step)): writer.call(number, step, nil)
        case .call(let number, .noted(.apply(let step), let note)): writer.call(number, step, note)
        case .answer(let number?, .success(.step(.applied))):
            writer.put("{\"id\":\(number),\"jsonrpc\":\"2.0\",\"result\":{\"step\":{\"applied\":true}}}\n")
        default: return nil
        }
        return writer.isPlain ? writer.bytes : nil
    }

    /// The frame of a line; nil when the line is the coder's to read.
    static func frame(_ line: [UInt8]) -> AgentFrame? {
        var reader = Reader(line)
        guard reader.take("{\"id\":"), let number = reader.number(), reader.take(",\"jsonrpc\":\"2.0\",") else {
            return nil
        }
        if reader.take("\"result\":{\"step\":{\"applied\":true}}}") {
            return reader.isAtEnd ? .answer(number, .success(.step(.applied))) : nil
        }
        guard reader.take("\"method\":\"apply\",\"params\":{") else { return nil }
        var note: OperationNote?
        if reader.take("\"note\":{") {
            guard let found = reader.note() else { return nil }
            note = found
        }
        guard let wire = reader.step(), reader.take("}}"), reader.isAtEnd, let step = try? wire.step() else {
            return nil
        }
        return .call(number, note.map { .noted(.apply(step), $0) } ?? .apply(step))
    }

    /// Whether a byte stands for itself between quotation marks.
    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x20...0x7e).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }
}

extension StepLine {
    /// Puts members of objects one behind the other, in the order of their names.
    private struct Writer {
        private(set) var bytes: [UInt8] = []
        /// Whether every text so far stands for itself.
        private(set) var isPlain = true

        init() { bytes.reserveCapacity(512) }

        mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

        /// Puts a member; none when there is no value.
        private mutating func put(_ opening: String, _ value: String?, _ closing: String = "\"") {
            guard let value else { return }
            put(opening)
            isPlain = isPlain && value.utf8.allSatisfy(StepLine.isPlain)
            put(value)
            put(closing)
        }

        mutating func call(_ number: Int, _ step: StepRequest, _ note: OperationNote?) {
            put("{\"id\":\(number),\"jsonrpc\":\"2.0\",\"method\":\"apply\",\"params\":{")
            if let note {
                put("\"note\":{")
                put("\"emptied\":\"", note.emptied, "\",")
                put("\"operator\":\"", note.who)
                put(",\"reason\":\"", note.reason)
                put(",\"title\":\"", note.title, "\"},")
            }
            let wire = WireStep(step)
            put("\"step\":{\"address\":\"", "\(wire.address)", "\",\"changes\":[")
            for (index, group) in wire.changes.enumerated() {
                put(index == 0 ? "{\"buckets\":\"" : ",{\"buckets\":\"", group.buckets)
                put(",\"by\":\"", group.by)
                put(",\"from\":\"", group.from?.rawValue)
                put(",\"to\":\"", group.to?.rawValue)
                put("}")
            }
            put(wire.of.map { "],\"of\":\($0),\"operation\":\"" } ?? "],\"operation\":\"")
            put("", wire.operation, "\"")
            if let until = wire.until { put(",\"until\":\(until)") }
            put("}}}\n")
        }
    }

    /// Takes apart what `Writer` puts together.
    private struct Reader {
        private var rest: ArraySlice<UInt8>

        init(_ line: [UInt8]) {
            rest = line[...]
            if rest.last == UInt8(ascii: "\n") { rest.removeLast() }
        }

        var isAtEnd: Bool { rest.isEmpty }

        mutating func take(_ text: StaticString) -> Bool {
            let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
            guard rest.starts(with: wanted) else { return false }
            rest.removeFirst(wanted.count)
            return true
        }

        /// A number of so many digits at most, eighteen or fewer.
        mutating func number(digits limit: Int = 9) -> Int? {
            let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard (1...limit).contains(digits.count), digits.count == 1 || digits.first != UInt8(ascii: "0") else {
                return nil
            }
            rest = rest[digits.endIndex...]
            return digits.reduce(0) { 10 * $0 + Int($1 - UInt8(ascii: "0")) }  // bounded: eighteen digits
        }

        /// A text up to its quotation mark.
        private mutating func text() -> String? {
            let bytes = rest.prefix(while: StepLine.isPlain)
            rest = rest[bytes.endIndex...]
            return take("\"") ? String(decoding: bytes, as: UTF8.self) : nil
        }

        /// A member that may be absent; the outer nil: it cannot be read.
        private mutating func member(_ opening: StaticString) -> String?? {
            guard take(opening) else { return .some(nil) }
            guard let text = text() else { return nil }
            return .some(text)
        }

        mutating func note() -> OperationNote? {
            guard let emptied = member("\"emptied\":\""), emptied == nil || take(","), take("\"operator\":\""),
                let who = text(), let reason = member(",\"reason\":\""), take(",\"title\":\""), let title = text(),
                take("},")
            else { return nil }
            return OperationNote(who: who, title: title, reason: reason, emptied: emptied)
        }

        mutating func step() -> WireStep? {
            guard take("\"step\":{\"address\":\""), let text = text(), let address = IPAddress(text),
                take(",\"changes\":[")
            else { return nil }
            var groups: [WireStep.Group] = []
            repeat {
                guard let group = group() else { return nil }
                groups.append(group)
            } while take(",")
            guard take("]") else { return nil }
            var total: Int?
            if take(",\"of\":") {
                guard let number = number() else { return nil }
                total = number
            }
            guard take(",\"operation\":\""), let operation = self.text() else { return nil }
            var until: UInt64?
            if take(",\"until\":") {
                guard let number = number(digits: 18) else { return nil }
                until = UInt64(number)
            }
            guard take("}") else { return nil }
            return WireStep(operation: operation, address: address, changes: groups, of: total, until: until)
        }

        private mutating func group() -> WireStep.Group? {
            guard take("{\"buckets\":\""), let buckets = text(), let by = member(",\"by\":\""),
                let from = state(",\"from\":\""), let to = state(",\"to\":\""), take("}")
            else { return nil }
            return WireStep.Group(buckets: buckets, from: from, to: to, by: by)
        }

        private mutating func state(_ opening: StaticString) -> BucketState?? {
            guard let text = member(opening) else { return nil }
            guard let text else { return .some(nil) }
            return BucketState(rawValue: text).map { .some($0) }
        }
    }
}
