import CNcurses
import CTerminalGuard
import Canvas
import Glibc

/// The terminal while a screen is open on it; the only owner of ncurses, to be used from one thread.
///
/// Opening saves the terminal's modes and switches to its alternate screen, raw keys and bracketed paste; `close`
/// and a fatal signal bring everything back. SIGWINCH, SIGTSTP, SIGCONT, SIGINT, SIGQUIT and SIGTERM are the owner's business.
public final class Terminal {
    /// The terminal's size in cells.
    public private(set) var size: Size
    /// The colours it is drawn with.
    public let depth: ColorDepth
    /// The shapes that it can show.
    public let glyphs: GlyphSet
    /// Whether mouse reports are on.
    public private(set) var isMouseOn = false

    private let options: TerminalOptions
    private let wrapping: Clipboard.Wrapping
    private var painter: ScreenPainter
    private var input: TerminalInput
    private var capture: ErrorCapture?
    private var isOpen = true
    private var isSuspended = false
    private var awaitsAnswer = false

    /// Opens the screen, or throws a `TerminalError` and leaves the terminal as it was.
    public init(_ options: TerminalOptions = TerminalOptions()) throws {
        guard isatty(options.input) == 1 else { throw TerminalError.notATerminal("input") }
        guard isatty(options.output) == 1 else { throw TerminalError.notATerminal("output") }
        let isUTF8 = cn_locale_is_utf8() == 1
        let term = options.term ?? Terminal.variable("TERM") ?? ""
        var modes = termios()
        tcgetattr(options.output, &modes)
        switch cn_start(term, options.input, options.output, Int32(clamping: options.escapeDelay)) {
        case 0: break
        case -2: throw TerminalError.alreadyOpen
        default: throw TerminalError.unknownTerminal(safeText(term))
        }
        let restore = RestoreSequence.bytes { cn_capability($0).map { String(cString: $0) } }
        ctg_arm(options.output, &modes, restore, restore.count)
        if options.capturesErrors { capture = ErrorCapture() }
        self.options = options
        input = TerminalInput(descriptor: options.input, escapeDelay: options.escapeDelay)
        depth = DisplayChoice.depth(
            options.color, noColor: Terminal.variable("NO_COLOR"), terminalColors: Int(cn_colors()))
        glyphs = DisplayChoice.glyphs(ascii: options.ascii, isUTF8: isUTF8, term: term)
        wrapping = Clipboard.wrapping(tmux: Terminal.variable("TMUX"), term: term)
        painter = ScreenPainter(depth: depth, isUTF8: isUTF8 && !options.ascii, pairs: Int(cn_pairs()))
        size = Descriptor.windowSize(options.output)
        cn_resize(Int32(size.rows), Int32(size.columns))
        write(raw: Array(RestoreSequence.pasteOn.utf8))
        if options.mouse { setMouse(true) }
    }

    deinit { close() }

    /// Shows a canvas, sending the terminal only what changed, with its cursor at a cell or hidden.
    public func show(_ canvas: Canvas, theme: Theme, cursor: Point? = nil) {
        guard isOpen, !isSuspended else { return }
        painter.paint(canvas, theme: theme, size: size)
        if let cursor, Rect(size).contains(cursor) {
            cn_cursor(Int32(cursor.row), Int32(cursor.column))
        } else {
            cn_cursor(-1, 0)
        }
        cn_flush()
    }

    /// The next `show` paints every cell, for a screen that something else wrote on.
    public func redraw() {
        painter.forget()
        cn_redraw()
    }

    /// What came from the terminal since the last call.
    ///
    /// Does not wait, except that after a lone ESC it gives the rest of a key's sequence `escapeDelay` milliseconds to
    /// arrive. Of a flood it takes some thousand bytes; the rest is there at the next call.
    public func readEvents() -> [TerminalEvent] {
        let events = isOpen ? input.read() : []
        if events.contains(.answered) { awaitsAnswer = false }
        return events
    }

    /// Asks the terminal for its size, after SIGWINCH; the event when it is a new one.
    ///
    /// Show a canvas of that size next.
    public func resize() -> TerminalEvent? {
        let now = Descriptor.windowSize(options.output)
        guard isOpen, now != size else { return nil }
        size = now
        painter.forget()
        cn_resize(Int32(now.rows), Int32(now.columns))
        return .resized(now)
    }

    /// Turns mouse reports on or off.
    public func setMouse(_ isOn: Bool) {
        guard isOpen else { return }
        isMouseOn = isOn
        write(raw: Array((isOn ? RestoreSequence.mouseOn : RestoreSequence.mouseOff).utf8))
    }

    /// Copies a text to the clipboard of the user's terminal; false when it is too long (over 74,000 bytes).
    public func copy(_ text: String) -> Bool {
        guard isOpen, let sequence = Clipboard.sequence(for: text, wrapping: wrapping) else { return false }
        write(raw: sequence)
        return true
    }

    /// Writes bytes to the terminal past ncurses; they must not move the cursor or change colours.
    public func write(raw bytes: [UInt8]) {
        guard isOpen else { return }
        Descriptor.write(bytes, to: options.output)
    }

    /// Asks the terminal to answer, behind everything that was written so far: `answered` comes when it has shown that.
    public func askForAnswer() {
        guard isOpen, !isSuspended else { return }
        awaitsAnswer = true
        write(raw: Array(RestoreSequence.question.utf8))
    }

    /// Takes in an answer that is under way, for a moment at most: the shell must not get it.
    private func drainAnswer() {
        guard awaitsAnswer else { return }
        for _ in 0..<5 {
            _ = Descriptor.read(options.input, milliseconds: 60).map { bytes in
                if bytes.contains(0x6E) { awaitsAnswer = false }
            }
            if !awaitsAnswer { return }
        }
        awaitsAnswer = false
    }

    /// Brings the shell's screen back for a while.
    public func suspend() {
        guard isOpen, !isSuspended else { return }
        isSuspended = true
        drainAnswer()
        Descriptor.write(Array((RestoreSequence.mouseOff + RestoreSequence.pasteOff).utf8), to: options.output)
        cn_leave()
        ctg_restore_modes()
    }

    /// Comes back after `suspend`, at the terminal's size by now; the event when that is a new one.
    public func resume() -> TerminalEvent? {
        guard isOpen, isSuspended else { return nil }
        isSuspended = false
        cn_enter()
        write(raw: Array(RestoreSequence.pasteOn.utf8))
        if isMouseOn { setMouse(true) }
        return resize()
    }

    /// Stops the process, as Ctrl-Z does, and returns when the shell continues it.
    public func stopProcess() -> TerminalEvent? {
        suspend()
        raise(SIGSTOP)
        return resume()
    }

    /// Takes the terminal back from whoever had it while the process was stopped; the event when it has a new size.
    ///
    /// Its modes are set again, and the next `show` paints every cell.
    public func takeBack() -> TerminalEvent? {
        guard isOpen, !isSuspended else { return nil }
        isSuspended = true
        painter.forget()
        return resume()
    }

    /// Brings the terminal back to the state it was found in; a second call does nothing.
    public func close() {
        guard isOpen else { return }
        if !isSuspended { suspend() }
        isOpen = false
        cn_free()
        ctg_disarm()
        ctg_restore_modes()
        capture?.finish()
    }

    private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}

/// Why a screen cannot be opened; its description is a sentence for the user.
public enum TerminalError: Error, Equatable, CustomStringConvertible {
    /// Input or output is a pipe or a file.
    case notATerminal(String)
    /// `TERM` names a terminal that the terminfo database does not know, or that cannot place its cursor.
    case unknownTerminal(String)
    /// There is a screen already.
    case alreadyOpen

    /// One sentence that names the value and what would be right.
    public var description: String {
        switch self {
        case .notATerminal(let stream):
            "standard \(stream) is not a terminal; run this in one, or use a command with --format"
        case .unknownTerminal(""):
            "the environment variable TERM is not set; set it to the terminal's type, such as xterm-256color"
        case .unknownTerminal(let name):
            "the terminal type TERM=\(name) is unknown here or cannot place its cursor; try TERM=xterm-256color"
        case .alreadyOpen:
            "the terminal is open already; close it first"
        }
    }
}
