import Canvas

/// Decides from a terminal's facts how richly it is drawn on.
public enum DisplayChoice {
    /// The colours to use: what is asked for, `NO_COLOR` (any non-empty value) when nothing is, never more than there
    /// are.
    ///
    /// - Parameters:
    ///   - color: what the user asked for.
    ///   - noColor: the value of `NO_COLOR`.
    ///   - terminalColors: the colours that terminfo states, 0 for none.
    public static func depth(
        _ color: TerminalOptions.Color, noColor: String?, terminalColors: Int
    ) -> ColorDepth {
        let most: ColorDepth =
            terminalColors >= 256 ? .c256 : terminalColors >= 16 ? .c16 : terminalColors >= 8 ? .c8 : .mono
        let wanted: ColorDepth
        switch color {
        case .auto: wanted = (noColor ?? "").isEmpty ? .c256 : .mono
        case .c256: wanted = .c256
        case .c16: wanted = .c16
        case .c8: wanted = .c8
        case .never: wanted = .mono
        }
        let ladder: [ColorDepth] = [.mono, .c8, .c16, .c256]
        let index = min(ladder.firstIndex(of: wanted) ?? 0, ladder.firstIndex(of: most) ?? 0)
        return ladder[index]
    }

    /// The shapes to draw with: ASCII when asked for, in a locale without UTF-8, and on the Linux console, whose fonts
    /// lack most of the others.
    public static func glyphs(ascii: Bool, isUTF8: Bool, term: String) -> GlyphSet {
        ascii || !isUTF8 || term == "linux" || term.hasPrefix("linux-") ? .ascii : .unicode
    }
}
