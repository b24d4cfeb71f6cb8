import Canvas

/// The bytes that come from the terminal, read without waiting and decoded into events.
struct TerminalInput {
    /// The terminal.
    let descriptor: Int32
    /// How long the rest of a key's sequence may take after a lone ESC, in milliseconds.
    let escapeDelay: Int

    private var decoder = InputDecoder()
    private var hasEnded = false

    /// The input of a terminal.
    init(descriptor: Int32, escapeDelay: Int) {
        self.descriptor = descriptor
        self.escapeDelay = escapeDelay
    }

    /// What came since the last call; `closed` once, when nothing will come any more.
    mutating func read() -> [TerminalEvent] {
        guard !hasEnded else { return [] }
        var events: [TerminalEvent] = []
        var delay = 0
        for _ in 0..<4 {
            guard let bytes = Descriptor.read(descriptor, milliseconds: delay) else {
                hasEnded = true
                return events + [.closed]
            }
            if bytes.isEmpty {
                if !decoder.isWaiting { break }
                if delay > 0 { return events + decoder.expire() }
            }
            events += decoder.decode(bytes)
            delay = decoder.isWaiting ? max(1, escapeDelay) : 0
        }
        return events
    }
}

/// What comes from a terminal.
public enum TerminalEvent: Hashable, Sendable {
    /// A key was pressed.
    case key(Key)
    /// A text was pasted, however long, with line ends as `\n`; never to be taken for keys.
    case paste(String)
    /// A mouse button or wheel, only while the mouse is on.
    case mouse(MouseEvent)
    /// The terminal has shown everything that was written before it was asked.
    case answered
    /// The terminal has a new size.
    case resized(Size)
    /// The terminal is gone.
    case closed
}
