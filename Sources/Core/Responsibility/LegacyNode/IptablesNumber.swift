/// A number as iptables reads it from its command line: `strtoul` with base 0.
enum IptablesNumber {
    /// Reads decimal, octal after 0 and hexadecimal after 0x; nil for anything else, a minus sign included.
    static func parse(_ text: String) -> UInt64? {
        var digits = text[...]
        if digits.hasPrefix("+") { digits.removeFirst() }
        guard digits.utf8.first.map({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) == true else {
            return nil
        }
        if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
            let rest = digits.dropFirst(2)
            return rest.utf8.first == UInt8(ascii: "+") || rest.utf8.first == UInt8(ascii: "-")
                ? nil : UInt64(rest, radix: 16)
        }
        return UInt64(digits, radix: digits.hasPrefix("0") ? 8 : 10)
    }
}
