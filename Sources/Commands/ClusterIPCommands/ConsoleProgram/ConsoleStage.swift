import Canvas
import Console
import Glibc
import NcursesTerminal
import NodeLinks
import Reactor
import ThemeFiles

/// The terminal with the clusters that are shown on it, one in front of the others.
final class ConsoleStage {
    let reactor: Reactor
    let terminal: Terminal
    let library = ThemeLibrary.standard()
    private var programs: [ConsoleProgram] = []
    private var front = 0
    private var pace = LinePace()
    private var lastFrame = -Double.infinity
    private var isFrameDue = false
    private var status: Int32 = 0

    /// Opens the terminal.
    ///
    /// - Throws: `CommandError` when there is no terminal to draw on, or no such theme.
    init(_ setup: ConsoleSetup, reactor: Reactor) throws(CommandError) {
        self.reactor = reactor
        do {
            // The wrong theme is said on the shell's screen.
            _ = try library.load(setup.theme.value)
            terminal = try Terminal(setup.terminal)
        } catch {
            throw CommandError("\(error)")
        }
    }

    /// Adds a cluster; the first is in front.
    func add(_ program: ConsoleProgram) {
        programs.append(program)
        if programs.count == 1 { show(program, isCalm: false) }
    }

    /// Runs until the operator quits or a signal says so; the terminal is as it was afterwards.
    ///
    /// - Returns: the exit status, 0 or 128 and the signal's number.
    func run() throws(CommandError) -> Int32 {
        defer { terminal.close() }
        do throws(SystemError) {
            try reactor.onSignals([SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP, SIGCONT]) { [self] in
                take(signal: $0)
            }
            try reactor.watch(STDIN_FILENO) { [self] _ in readTerminal() }
        } catch { throw CommandError(error.description) }
        for program in programs { program.start() }
        reactor.after(1, repeating: true) { [self] in tellClusters() }
        reactor.after(ProcessMemory.startTime) { ProcessMemory.forgetStart() }
        reactor.run()
        for program in programs { program.end() }
        return status
    }

    /// Ends the program after this turn, unless another cluster carries out a plan: that comes to the front and asks.
    func quit(status: Int32 = 0, asks: Bool = true) {
        if asks, let busy = programs.indices.first(where: { $0 != front && programs[$0].state.isExecuting }) {
            open(busy)
            return programs[busy].take(.interrupted)
        }
        self.status = status
        reactor.stop()
    }

    /// Brings another cluster to the front.
    func open(_ index: Int) {
        guard programs.indices.contains(index), index != front else { return }
        let before = programs[front].theme
        front = index
        if programs[front].theme != before { terminal.redraw() }
        tellClusters()
        programs[index].take(.resized(terminal.size))
    }

    /// Tells the cluster in front how all of them are.
    private func tellClusters() {
        guard programs.count > 1 else { return }
        programs[front].take(.clusters(programs.map(\.state.summary), front: front))
    }

    // MARK: Drawing

    /// Draws a cluster that is in front.
    ///
    /// - Parameter isCalm: nobody waits for the frame, and a slow line may get it later.
    func show(_ program: ConsoleProgram, isCalm: Bool) {
        guard programs.indices.contains(front), program === programs[front] else { return }
        let now = Double(Reactor.now) / 1e9
        guard isCalm, now < lastFrame + pace.interval else { return draw(now) }
        guard !isFrameDue else { return }
        isFrameDue = true
        reactor.after(lastFrame + pace.interval - now) { [self] in
            isFrameDue = false
            draw(Double(Reactor.now) / 1e9)
        }
    }

    private func draw(_ now: Double) {
        let state = programs[front].state
        let (canvas, cursor) = render(state, size: terminal.size, glyphs: terminal.glyphs)
        terminal.show(canvas, theme: programs[front].theme, cursor: cursor)
        lastFrame = now
        if pace.asks(now) { terminal.askForAnswer() }
    }

    // MARK: Events

    /// Takes what was typed, and draws once for all of it: junk that a terminal pours in comes as thousands of keys.
    private func readTerminal() {
        let events = terminal.readEvents()
        if events.contains(.answered) { pace.answered(Double(Reactor.now) / 1e9) }
        let messages = events.compactMap(Self.message)
        if !messages.isEmpty { programs[front].take(messages) }
        if events.contains(.closed) { quit(status: 128 + SIGHUP, asks: false) }
    }

    private static func message(_ event: TerminalEvent) -> Message? {
        switch event {
        case .key(let key): .key(key)
        case .paste(let text): .paste(text)
        case .resized(let size): .resized(size)
        case .mouse(let event): .mouse(event)
        case .answered, .closed: nil
        }
    }

    private func take(signal: Int32) {
        switch signal {
        case SIGWINCH: if case .resized(let size) = terminal.resize() { tellSize(size) }
        case SIGTSTP: suspend()
        case SIGCONT: takeBackTerminal()
        case SIGINT: programs[front].take(.interrupted)
        default: quit(status: 128 + signal, asks: false)
        }
    }

    /// Stops the program until the shell continues it.
    func suspend() {
        if case .resized(let size) = terminal.stopProcess() { tellSize(size) }
    }

    private func tellSize(_ size: Size) {
        for program in programs { program.take(.resized(size)) }
    }

    /// Takes the terminal back from whoever had it while the program was stopped.
    private func takeBackTerminal() {
        pace = LinePace()
        if case .resized(let size) = terminal.takeBack() { tellSize(size) } else { draw(Double(Reactor.now) / 1e9) }
    }
}
