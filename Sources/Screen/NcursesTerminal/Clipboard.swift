/// Builds what sets the clipboard of the terminal the user sits at (OSC 52), also over SSH, tmux and screen.
public enum Clipboard {
    /// What a terminal program between us and the user's terminal needs.
    public enum Wrapping: Sendable {
        case none, tmux, screen
    }

    /// Bytes of text that are copied at most; terminals drop longer sequences.
    public static let limit = 74_000

    /// Which wrapping the environment calls for.
    public static func wrapping(tmux: String?, term: String) -> Wrapping {
        if !(tmux ?? "").isEmpty || term.hasPrefix("tmux") { return .tmux }
        return term.hasPrefix("screen") ? .screen : .none
    }

    /// The sequence for a text, nil when it is longer than `limit` bytes.
    ///
    /// Under tmux it is sent twice, plainly (taken when `set-clipboard` is on) and passed through (when
    /// `allow-passthrough` is on); screen takes it in parts.
    public static func sequence(for text: String, wrapping: Wrapping) -> [UInt8]? {
        guard text.utf8.count <= limit else { return nil }
        let plain = Array("\u{1B}]52;c;".utf8) + base64(Array(text.utf8)) + [0x07]
        switch wrapping {
        case .none: return plain
        case .tmux: return plain + Array("\u{1B}Ptmux;\u{1B}".utf8) + plain + Array("\u{1B}\\".utf8)
        case .screen:
            return stride(from: 0, to: plain.count, by: 240).flatMap { start in
                Array("\u{1B}P".utf8) + plain[start..<min(start + 240, plain.count)] + Array("\u{1B}\\".utf8)
            }
        }
    }

    /// RFC 4648 base64 with padding.
    static func base64(_ bytes: [UInt8]) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits: UInt32 = 0
            for byte in group { bits = bits << 8 | UInt32(byte) }
            bits <<= UInt32(8 * (3 - group.count))
            for position in 0..<4 {
                let index = Int(bits >> UInt32(18 - 6 * position) & 63)
                result.append(position <= group.count ? alphabet[index] : UInt8(ascii: "="))
            }
        }
        return result
    }
}
