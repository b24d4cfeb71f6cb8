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

/// One cluster in the console: events become messages, messages change its state, effects are carried out.
///
/// Several clusters share one `ConsoleStage`; the one in front is drawn and gets the keys, the others go on.
final class ConsoleProgram {
    /// How long news from nodes are collected before they are shown, in seconds.
    private static let gatheringTime = 0.03
    /// When the journal is asked for what was cut off, in seconds after the start: never before the first picture.
    private static let noticeTime = 1.0

    let stage: ConsoleStage
    let fleet: Fleet
    var runner: PlanRunner?
    let name: String
    let journal: Journal
    /// What happens is kept here.
    let timeline: TimelineFile
    /// How everything looks.
    var theme: Theme
    /// What is wrong with the theme's file and with the configuration.
    private let problems: [String]
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
    private(set) var state: ConsoleState
    private var hasNews = false
    private var isTurning = false
    private var waiting: ArraySlice<Message> = []

    var reactor: Reactor { stage.reactor }
    var terminal: Terminal { stage.terminal }

    /// Opens the terminal for one cluster and paints the first frame, before any node is asked.
    ///
    /// - Throws: `CommandError` when there is no terminal to draw on or no such theme.
    convenience init(
        fleet: Fleet, name: String, setup: ConsoleSetup, reactor: Reactor, journal: Journal? = nil
    ) throws(CommandError) {
        try self.init(
            fleet: fleet, name: name, setup: setup, stage: try ConsoleStage(setup, reactor: reactor),
            journal: journal)
    }

    /// Puts a cluster on a stage; the first one is in front, and is painted at once.
    ///
    /// - Parameter themeName: the theme of its cluster file, which an option goes before; nil: it says none.
    /// - Throws: `CommandError` when there is no such theme.
    init(
        fleet: Fleet, name: String, themeName: String? = nil, setup: ConsoleSetup, stage: ConsoleStage,
        journal: Journal? = nil
    ) throws(CommandError) {
        let wanted: String? =
            if case .option = setup.theme.origin { setup.theme.value } else { themeName ?? setup.theme.value }
        let loaded: ThemeLibrary.Loaded
        do { loaded = try stage.library.load(wanted) } catch {
            throw CommandError(themeName == nil ? "\(error)" : "cluster \(name): \(error)")
        }
        theme = loaded.theme
        problems = loaded.warnings.map { "theme: \($0)" } + setup.problems
        self.stage = stage
        self.fleet = fleet
        self.name = name
        let journal = journal ?? Journal.place(cluster: name)
        self.journal = journal
        timeline = TimelineFile(path: StatePlace.timeline(of: name, beside: journal.path))
        isLocal = setup.local.value
        state = ConsoleState(
            clusterName: name, nodes: fleet.names, lock: setup.lock, themes: stage.library.names,
            theme: loaded.theme.name, size: stage.terminal.size, zone: setup.local.value ? LocalTime.zone : 0,
            isMouseOn: setup.mouse.value, panes: PaneSettings(text: RememberedPanes.text), keys: setup.keys)
        stage.add(self)
    }

    /// Runs until the operator quits or a signal says so; the terminal is as it was afterwards.
    ///
    /// - Returns: the exit status, 0 or 128 and the signal's number.
    func run() throws(CommandError) -> Int32 { try stage.run() }

    /// Begins to hear the nodes.
    func start() {
        fleet.onChange = { [self] in noteNews() }
        reactor.after(1, repeating: true) { [self] in
            take(.tick(now: fleet.seconds, day: Self.day))
            if isJournalShown { noticeJournal() }
        }
        take(.tick(now: fleet.seconds, day: Self.day))
        reactor.after(Self.noticeTime) { [self] in
            isJournalShown = true
            noticeJournal()
            noticeCutOff()
            readKept()
        }
        if let first = problems.first {
            let more = problems.count > 1 ? ", and \(problems.count - 1) more: see `clusterip config`" : ""
            say("\(first)\(more)", .warning)
        }
        fleet.start()
    }

    /// Keeps what is to be kept; the console ends.
    func end() {
        for effect in update(&state, .ending) { perform(effect) }
        fleet.stop()
    }

    /// Takes a message to its end and shows what came of it.
    func take(_ message: Message) { take([message]) }

    /// Takes messages one at a time, each to its end, and shows what came of them all.
    func take(_ messages: [Message]) {
        waiting += messages
        guard !isTurning else { return }
        isTurning = true
        while let message = waiting.popFirst() {
            for effect in update(&state, message) { perform(effect) }
        }
        isTurning = false
        stage.show(self, isCalm: messages.allSatisfy(\.isNews))
    }

    /// The clock of the day: seconds since 1970.
    private static var day: Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
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

extension Message {
    /// Whether it tells of the cluster or of time, and nobody waits for what it shows.
    fileprivate var isNews: Bool {
        switch self {
        case .snapshot, .nodes, .tick, .clusters: true
        default: false
        }
    }
}
