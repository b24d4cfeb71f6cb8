import Canvas
import ClusterModel
import Console
import Execution
import Glibc
import Journal
import NcursesTerminal
import NodeLinks
import Reactor
import ThemeFiles

/// The console at work: events become messages, messages change the state, the state is drawn, effects are carried out.
final class ConsoleProgram {
    /// How long news from nodes are collected before they are shown, in seconds.
    private static let gatheringTime = 0.03
    /// When the journal is asked for what was cut off, in seconds after the start: never before the first picture.
    private static let noticeTime = 1.0

    let reactor: Reactor
    let fleet: Fleet
    let terminal: Terminal
    let library = ThemeLibrary.standard()
    var theme: Theme
    private let themeWarnings: [ThemeWarning]
    var runner: PlanRunner?
    let name: String
    let journal: Journal
    /// Whether the journal's times are shown by local time.
    let isLocal: Bool
    /// What becomes of earlier operations when plans that complete them or take them back are done, by those plans'
    /// operations.
    var resolutions: [String: JournalRecorder.Resolution] = [:]
    /// The marks that such plans were made from, by their operations.
    var marks: [String: [String: [Int: String]]] = [:]
    /// Whether the journal was read; never before the first picture.
    private var isJournalShown = false
    /// The journal's files when they were last read.
    var journalStamp: [[Int]] = []
    private var state: ConsoleState
    private var hasNews = false
    private var isTurning = false
    private var waiting: ArraySlice<Message> = []
    private var status: Int32 = 0

    /// Opens the terminal and paints the first frame, before any node is asked.
    ///
    /// - Throws: `CommandError` when there is no terminal to draw on or no such theme.
    init(
        fleet: Fleet, name: String, options: ConsoleOptions, reactor: Reactor, journal: Journal? = nil
    ) throws(CommandError) {
        self.reactor = reactor
        self.fleet = fleet
        self.name = name
        self.journal = journal ?? Journal.place(cluster: name)
        isLocal = options.local
        do {
            let loaded = try library.load(options.theme)
            theme = loaded.theme
            themeWarnings = loaded.warnings
            terminal = try Terminal(options.terminal)
        } catch {
            throw CommandError("\(error)")
        }
        state = ConsoleState(
            clusterName: name, nodes: fleet.names, lock: options.lock, themes: library.names, theme: theme.name,
            size: terminal.size, zone: options.local ? LocalTime.zone : 0,
            isMouseOn: !options.noMouse)
        show()
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
        fleet.onChange = { [self] in noteNews() }
        reactor.after(1, repeating: true) { [self] in
            take(.tick(now: fleet.seconds, day: Self.day))
            if isJournalShown { noticeJournal() }
        }
        take(.tick(now: fleet.seconds, day: Self.day))
        warn(themeWarnings)
        reactor.after(Self.noticeTime) { [self] in
            isJournalShown = true
            noticeJournal()
            noticeCutOff()
        }
        reactor.after(ProcessMemory.startTime) { ProcessMemory.forgetStart() }
        fleet.start()
        reactor.run()
        fleet.stop()
        return status
    }

    /// Takes a message to its end and shows what came of it.
    func take(_ message: Message) { take([message]) }

    /// Takes messages one at a time, each to its end, and shows what came of them all.
    private func take(_ messages: [Message]) {
        waiting += messages
        guard !isTurning else { return }
        isTurning = true
        while let message = waiting.popFirst() {
            for effect in update(&state, message) { perform(effect) }
        }
        isTurning = false
        show()
    }

    /// The clock of the day: seconds since 1970.
    private static var day: Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Ends the program after this turn.
    func quit(status: Int32 = 0) {
        self.status = status
        reactor.stop()
    }

    private func show() {
        let (canvas, cursor) = render(state, size: terminal.size, glyphs: terminal.glyphs)
        terminal.show(canvas, theme: theme, cursor: cursor)
    }

    /// Takes what was typed, and draws once for all of it: junk that a terminal pours in comes as thousands of keys.
    private func readTerminal() {
        let events = terminal.readEvents()
        take(events.compactMap(Self.message))
        if events.contains(.closed) { quit(status: 128 + SIGHUP) }
    }

    private static func message(_ event: TerminalEvent) -> Message? {
        switch event {
        case .key(let key): .key(key)
        case .paste(let text): .paste(text)
        case .resized(let size): .resized(size)
        case .mouse(let event): .mouse(event)
        case .closed: nil
        }
    }

    private func take(signal: Int32) {
        switch signal {
        case SIGWINCH: if case .resized(let size) = terminal.resize() { take(.resized(size)) }
        case SIGTSTP: perform(.suspend)
        case SIGCONT: takeBackTerminal()
        case SIGINT: take(.interrupted)
        default: quit(status: 128 + signal)
        }
    }

    /// Takes the terminal back from whoever had it while the program was stopped.
    private func takeBackTerminal() {
        if case .resized(let size) = terminal.takeBack() { take(.resized(size)) } else { show() }
    }

    private func noteNews() {
        guard !hasNews else { return }
        hasNews = true
        reactor.after(Self.gatheringTime) { [self] in
            hasNews = false
            take(fleet.snapshot.map(Message.snapshot) ?? .nodes(fleet.statuses))
        }
    }
}
