import Canvas

/// How a terminal is opened.
public struct TerminalOptions: Sendable {
    /// The colours asked for, as `--color` says it.
    public enum Color: String, CaseIterable, Sendable {
        case auto
        case c256 = "256"
        case c16 = "16"
        case c8 = "8"
        case never
    }

    /// The colours asked for; the terminal may have fewer.
    public var color: Color
    /// ASCII shapes even where the terminal shows UTF-8.
    public var ascii: Bool
    /// Mouse reports from the start; they take the terminal's own selection away.
    public var mouse: Bool
    /// Milliseconds to wait after ESC for the rest of a key's sequence; slow links need 50 to 100.
    public var escapeDelay: Int
    /// Catches what is written to descriptor 2 while the screen is open, when that is a terminal.
    public var capturesErrors: Bool
    /// The terminal's type; nil takes the environment variable `TERM`.
    public var term: String?
    /// The descriptor that keys are read from.
    public var input: Int32
    /// The descriptor that the screen is written to.
    public var output: Int32

    /// Makes options.
    public init(
        color: Color = .auto, ascii: Bool = false, mouse: Bool = false, escapeDelay: Int = 25,
        capturesErrors: Bool = true, term: String? = nil, input: Int32 = 0, output: Int32 = 1
    ) {
        self.color = color
        self.ascii = ascii
        self.mouse = mouse
        self.escapeDelay = escapeDelay
        self.capturesErrors = capturesErrors
        self.term = term
        self.input = input
        self.output = output
    }
}

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
