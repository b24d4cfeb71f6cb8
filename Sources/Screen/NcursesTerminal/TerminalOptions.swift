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
