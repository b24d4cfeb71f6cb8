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
