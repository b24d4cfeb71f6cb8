/// A colour as a theme states it.
public enum ThemeColor: Hashable, Sendable {
    /// The terminal's own foreground or background.
    case terminal
    /// An entry of the terminal's palette: 0…15 the ANSI colours, 16…255 xterm's cube and greys.
    case index(UInt8)
    /// Red, green and blue as 0xRRGGBB.
    case rgb(UInt32)

    /// The names of palette entries 0…15 in theme files.
    public static let names = [
        "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white", "bright-black", "bright-red",
        "bright-green", "bright-yellow", "bright-blue", "bright-magenta", "bright-cyan", "bright-white",
    ]

    /// Reads `default`, `#rgb`, `#rrggbb`, an ANSI name such as `bright-red`, or a palette index 0…255; else nil.
    public init?(_ text: String) {
        if text == "default" {
            self = .terminal
        } else if text.first == "#" {
            guard let value = ThemeColor.hex(text.utf8.dropFirst()) else { return nil }
            self = .rgb(value)
        } else if let index = ThemeColor.names.firstIndex(of: text) {
            self = .index(UInt8(index))
        } else if let first = text.utf8.first, (48...57).contains(first), let index = UInt8(text) {
            self = .index(index)
        } else {
            return nil
        }
    }

    private static func hex(_ digits: Substring.UTF8View) -> UInt32? {
        guard digits.count == 3 || digits.count == 6 else { return nil }
        var value: UInt32 = 0
        for byte in digits {
            let digit: UInt8
            switch byte {
            case 48...57: digit = byte - 48
            case 65...70: digit = byte - 55
            case 97...102: digit = byte - 87
            default: return nil
            }
            value = value << 4 | UInt32(digit)
            if digits.count == 3 { value = value << 4 | UInt32(digit) }
        }
        return value
    }
}
