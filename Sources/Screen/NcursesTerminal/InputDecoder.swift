import Canvas

/// Turns a terminal's bytes into events: keys, pastes, mouse reports; what it does not know it swallows whole.
///
/// A value without a clock: after an ESC that may be a key or the start of a sequence, `isWaiting` is true until more
/// bytes arrive or the owner, after its delay, calls `expire`.
///
/// ncurses' own decoder is not used, since it passes the tail of a sequence that terminfo does not name on as letters.
public struct InputDecoder: Sendable {
    /// How many bytes of a paste are kept; the rest is dropped.
    public static let pasteLimit = 65_536
    private static let sequenceLimit = 4_096

    private var buffer: [UInt8] = []
    private var paste: PasteDecoder?

    /// Makes a decoder.
    public init() {}

    /// Whether what came so far may be a key of its own or the start of a longer sequence.
    public var isWaiting: Bool { !buffer.isEmpty && paste == nil }

    /// Takes bytes in and returns the events that they complete.
    public mutating func decode(_ bytes: some Sequence<UInt8>) -> [TerminalEvent] {
        buffer.append(contentsOf: bytes)
        var events: [TerminalEvent] = []
        var position = 0
        while position < buffer.count {
            let step = paste == nil ? next(buffer[position...]) : pasted(buffer[position...])
            guard case .taken(let count, let event) = step else { break }
            position += count
            if let event { events.append(event) }
        }
        buffer.removeFirst(position)
        return events
    }

    /// Says that nothing followed in time: a lone ESC was the escape key; other unfinished sequences are dropped.
    public mutating func expire() -> [TerminalEvent] {
        guard isWaiting else { return [] }
        let bytes = buffer
        buffer = []
        switch bytes {
        case [0x1B]: return [.key(.escape)]
        case [0x1B, 0x5B]: return [.key(.alt("["))]
        case [0x1B, 0x4F]: return [.key(.alt("O"))]
        case [0x1B, 0x5D]: return [.key(.alt("]"))]
        case [0x1B, 0x50]: return [.key(.alt("P"))]
        default: return []
        }
    }

    private mutating func next(_ bytes: ArraySlice<UInt8>) -> DecodingStep {
        let start = bytes.startIndex
        guard bytes[start] == 0x1B else { return plain(bytes) { .key($0) } }
        guard bytes.count > 1 else { return .incomplete }
        switch bytes[start + 1] {
        case 0x1B: return .taken(1, .key(.escape))
        case 0x5B: return controlSequence(bytes)
        case 0x4F: return singleShift(bytes)
        case 0x50, 0x58, 0x5D, 0x5E, 0x5F: return string(bytes)
        case 0..<0x20, 0x7F: return .taken(2, nil)
        default:
            let rest = plain(bytes.dropFirst()) {
                if case .character(let character) = $0 { .key(.alt(character)) } else { nil }
            }
            guard case .taken(let count, let event) = rest else { return .incomplete }
            return .taken(count + 1, event)
        }
    }

    /// One control key or UTF-8 character; bytes that are no UTF-8 are dropped.
    private func plain(_ bytes: ArraySlice<UInt8>, _ event: (Key) -> TerminalEvent?) -> DecodingStep {
        let first = bytes[bytes.startIndex]
        if let key = KeySequences.control(first) { return .taken(1, event(key)) }
        if first < 0x80 { return .taken(1, event(.character(Character(Unicode.Scalar(first))))) }
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard (0xC2...0xF4).contains(first) else { return .taken(1, nil) }
        let follow = bytes.dropFirst().prefix(length - 1).prefix { $0 & 0xC0 == 0x80 }
        if follow.count < length - 1 {
            return follow.count + 1 == bytes.count ? .incomplete : .taken(follow.count + 1, nil)
        }
        let text = String(decoding: bytes.prefix(length), as: UTF8.self)
        guard let scalar = text.unicodeScalars.first, scalar.value != 0xFFFD, scalar.value >= 0xA0 else {
            return .taken(length, nil)
        }
        return .taken(length, event(.character(Character(scalar))))
    }

    /// ESC [ parameters final.
    private mutating func controlSequence(_ bytes: ArraySlice<UInt8>) -> DecodingStep {
        let body = bytes.dropFirst(2)
        guard let first = body.first else { return .incomplete }
        if first == 0x5B {  // the Linux console's F1…F5: ESC [ [ A…E
            guard let final = body.dropFirst().first else { return .incomplete }
            let event = (0x41...0x45).contains(final) ? TerminalEvent.key(.function(Int(final) - 0x40)) : nil
            return .taken(4, event)
        }
        guard let end = body.firstIndex(where: { !(0x20..<0x40).contains($0) }) else {
            return bytes.count > InputDecoder.sequenceLimit ? .taken(bytes.count, nil) : .incomplete
        }
        let count = end - bytes.startIndex + 1
        let final = bytes[end]
        guard (0x40...0x7E).contains(final) else { return .taken(count - 1, nil) }
        let parameters = body[body.startIndex..<end]
        if final == 0x4D && parameters.isEmpty {  // an old mouse report: three more bytes
            return bytes.count < count + 3 ? .incomplete : .taken(count + 3, nil)
        }
        if final == 0x7E && parameters.elementsEqual("200".utf8) {
            paste = PasteDecoder()
            return .taken(count, nil)
        }
        return .taken(count, KeySequences.event(parameters: parameters, final: final))
    }

    /// ESC O [parameters] final.
    private func singleShift(_ bytes: ArraySlice<UInt8>) -> DecodingStep {
        guard let end = bytes.dropFirst(2).firstIndex(where: { !(0x30..<0x3C).contains($0) }) else {
            return bytes.count > InputDecoder.sequenceLimit ? .taken(bytes.count, nil) : .incomplete
        }
        let count = end - bytes.startIndex + 1
        guard (0x40...0x7E).contains(bytes[end]) else { return .taken(count - 1, nil) }
        return .taken(count, KeySequences.keypad(bytes[end]).map(TerminalEvent.key))
    }

    /// A terminal's answer, ended by BEL or ESC \, which nobody asked for.
    private func string(_ bytes: ArraySlice<UInt8>) -> DecodingStep {
        var index = bytes.startIndex + 2
        while index < bytes.endIndex {
            if bytes[index] == 0x07 { return .taken(index - bytes.startIndex + 1, nil) }
            if bytes[index] == 0x1B {
                guard index + 1 < bytes.endIndex else { return .incomplete }
                let isEnd = bytes[index + 1] == 0x5C
                return .taken(index - bytes.startIndex + (isEnd ? 2 : 0), nil)
            }
            index += 1
        }
        return bytes.count > InputDecoder.sequenceLimit ? .taken(bytes.count, nil) : .incomplete
    }

    /// The inside of a paste.
    private mutating func pasted(_ bytes: ArraySlice<UInt8>) -> DecodingStep {
        guard let step = paste?.decode(bytes) else { return .incomplete }
        if case .taken(_, .paste) = step { paste = nil }
        return step
    }
}

/// What a decoder made of the bytes at hand.
enum DecodingStep {
    /// More bytes are needed; none was taken.
    case incomplete
    /// So many bytes were taken, and this event, if any, is complete.
    case taken(Int, TerminalEvent?)
}

/// The inside of a bracketed paste: everything up to its end mark, which alone ends it.
struct PasteDecoder: Sendable {
    private static let end = Array("\u{1B}[201~".utf8)

    private var kept: [UInt8] = []

    /// Takes what it can of these bytes; the step that ends the paste has the event with its text.
    mutating func decode(_ bytes: ArraySlice<UInt8>) -> DecodingStep {
        let end = Self.end
        var index = bytes.startIndex
        while let escape = bytes[index...].firstIndex(of: 0x1B) {
            let candidate = bytes[escape...].prefix(end.count)
            if candidate.elementsEqual(end) {
                keep(bytes[..<escape])
                return .taken(escape - bytes.startIndex + end.count, .paste(KeySequences.pastedText(kept)))
            }
            if escape + candidate.count == bytes.endIndex && end.starts(with: candidate) {
                keep(bytes[..<escape])
                return escape == bytes.startIndex ? .incomplete : .taken(escape - bytes.startIndex, nil)
            }
            index = escape + 1
        }
        keep(bytes)
        return .taken(bytes.count, nil)
    }

    private mutating func keep(_ bytes: ArraySlice<UInt8>) {
        kept.append(contentsOf: bytes.prefix(max(0, InputDecoder.pasteLimit - kept.count)))
    }
}
