/// What brings a terminal back to the shell, prepared while there is time to look capabilities up.
enum RestoreSequence {
    /// Asks for the terminal's state (DSR), which every terminal answers when it comes to it.
    static let question = "\u{1B}[5n"
    /// Switches bracketed paste on.
    static let pasteOn = "\u{1B}[?2004h"
    /// Switches bracketed paste off.
    static let pasteOff = "\u{1B}[?2004l"
    /// Switches SGR mouse reports on, also of a mouse that moves with a button held.
    static let mouseOn = "\u{1B}[?1000h\u{1B}[?1002h\u{1B}[?1006h"
    /// Switches SGR mouse reports off.
    static let mouseOff = "\u{1B}[?1006l\u{1B}[?1002l\u{1B}[?1000l"

    /// The whole way back, from a terminal's capabilities by terminfo name.
    static func bytes(_ capability: (String) -> String?) -> [UInt8] {
        var text = mouseOff + pasteOff
        for name in ["rmkx", "cnorm", "sgr0", "op"] { text += withoutPadding(capability(name) ?? "") }
        text += withoutPadding(capability("rmcup") ?? "\r\n")
        return Array(text.utf8)
    }

    /// A capability without its `$<5/>` delays, which only tputs understands.
    static func withoutPadding(_ capability: String) -> String {
        var result = ""
        var rest = Substring(capability)
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            let after = rest[rest.index(after: dollar)...]
            if after.first == "<", let close = after.firstIndex(of: ">") {
                rest = after[after.index(after: close)...]
            } else {
                result += "$"
                rest = after
            }
        }
        return result + rest
    }
}
