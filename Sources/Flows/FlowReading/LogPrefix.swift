import Responsibility

/// What a log writes in front of a line: `Nov 27 10:00:00 host program[99]: `, with RFC 5424's and the journal's forms.
enum LogPrefix {
    private static let months: [StaticString] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static let days: [StaticString] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

    /// The line without such a prefix; the line itself when it has none.
    static func removed(from line: Bytes) -> Bytes {
        guard let first = line.first,
            first.isDigit || first == UInt8(ascii: "<") || first == UInt8(ascii: "[") || isLetter(first)
        else {
            return line
        }
        var words = Words(withoutPriority(line))
        guard let start = words.next(), takeTime(start, &words) else { return line }
        guard let host = words.next() else { return line }
        // On its way to a log server a line may have no host yet.
        if host.last == UInt8(ascii: ":"), host.count > 1 { return withoutUptime(words.remainder.trimmed) }
        guard let tag = words.next() else { return line }
        if tag.last == UInt8(ascii: ":") { return withoutUptime(words.remainder.trimmed) }
        return structured(tag, &words) ?? line
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

    /// Without `<34>` and RFC 5424's version behind it.
    private static func withoutPriority(_ line: Bytes) -> Bytes {
        guard line.first == UInt8(ascii: "<"), let close = line.position(of: UInt8(ascii: ">")), close <= 4 else {
            return line
        }
        let rest = line.after(close + 1)
        return rest.begins(with: "1 ") ? rest.after(2) : rest
    }

    /// Takes a time that begins with a word: `Nov 27 10:00:00`, `2026-11-27T10:00:00.1+01:00`, and the journal's
    /// `Fri 2026-11-27 10:00:00 CET`, `1795887761.123456` and `[12345.678901]`.
    private static func takeTime(_ start: Bytes, _ words: inout Words) -> Bool {
        if start.count == 3, days.contains(where: start.equals) {
            guard let date = words.next(), date.count == 10, let time = words.next(), words.next() != nil else {
                return false
            }
            return isClock(time)
        }
        if start.count == 17, start[10] == UInt8(ascii: ".") { return start.part(0, 10).decimal != nil }
        if start.first == UInt8(ascii: "["), start.last == UInt8(ascii: "]") || start.count == 1 {
            let number = start.count == 1 ? words.next() ?? start : start.after(1)
            return number.last == UInt8(ascii: "]")
                && number.part(0, number.count - 1).allSatisfy { $0.isDigit || $0 == UInt8(ascii: ".") }
        }
        if start.count == 3, months.contains(where: start.equals) {
            guard let day = words.next(), day.count <= 2, day.decimal != nil, let time = words.next() else {
                return false
            }
            return isClock(time)
        }
        return start.count >= 19 && start[4] == UInt8(ascii: "-") && start[10] == UInt8(ascii: "T")
            && isClock(start.after(11))
    }

    private static func isClock(_ text: Bytes) -> Bool {
        text.count >= 8 && text[2] == UInt8(ascii: ":") && text[5] == UInt8(ascii: ":") && text[0].isDigit
            && text[7].isDigit
    }

    /// The kernel's own time behind its tag: `[12345.678901] `.
    private static func withoutUptime(_ line: Bytes) -> Bytes {
        guard line.first == UInt8(ascii: "["), let close = line.position(of: UInt8(ascii: "]")),
            line.part(1, close).allSatisfy({ $0.isDigit || $0 == UInt8(ascii: ".") || $0 == 0x20 })
        else { return line }
        return line.after(close + 1).trimmed
    }

    /// The message of RFC 5424, behind program, process, message and structured data; nil when it has not that form.
    private static func structured(_ program: Bytes, _ words: inout Words) -> Bytes? {
        guard let process = words.next(), process.equals("-") || process.decimal != nil, words.next() != nil else {
            return nil
        }
        let rest = words.remainder.trimmed
        if rest.begins(with: "- ") { return rest.after(2).trimmed }
        guard rest.first == UInt8(ascii: "["), let end = rest.position(of: "] ") else { return nil }
        return rest.after(end + 2).trimmed
    }
}
