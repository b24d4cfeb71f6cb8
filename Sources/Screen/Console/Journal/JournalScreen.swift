import Canvas
import Planning
import Wording

/// The Journal screen: what was changed before, and the steps of the selected operation.
struct JournalScreen: ListScreen, FilteredScreen {
    static let title = "Journal"
    static let help = "Show what was changed before"

    /// What was changed, newest first.
    var all: [JournalEntry] = []
    /// Those that the filter lets through.
    private(set) var entries: [JournalEntry] = []
    var filter = ""
    /// By which clock the entries' times are: "UTC", or "this machine's zone".
    var clock = "UTC"
    var cursor = ListCursor()

    static let words: [HelpWord] = [.operation, .cutOff, .settle]

    static let commands: [Command] = [.finish, .enlarge]

    mutating func open() -> [Effect] { [.readJournal] }

    mutating func arrange(_ console: ConsoleState) {
        entries = all.filter { entry in
            TextFilter(filter).matches([
                entry.title, entry.outcome.word, entry.who.text, entry.time, entry.reason ?? "",
            ])
        }
        cursor.row = min(cursor.row, max(entries.count - 1, 0))
    }

    func filterRemark(_ console: ConsoleState) -> String { "\(entries.count) of \(all.count)" }

    func count(_ console: ConsoleState) -> Int { entries.count }

    /// The selected entry; nil when there is none.
    var selected: JournalEntry? { entries.indices.contains(cursor.row) ? entries[cursor.row] : nil }

    /// The newest plan that changed something and was not taken back.
    var newestPlan: Plan? {
        all.lazy.filter { $0.outcome != .ended(.failed) }.compactMap(\.recoverable).first
    }

    func selection(_ console: ConsoleState) -> Selection {
        guard let entry = selected else { return Selection() }
        return Selection(
            entry: entry, text: "\(entry.time) \(entry.who.text) \(entry.title) \(entry.outcome.word)")
    }

    func export(_ console: ConsoleState) -> Export {
        .table(
            columns: [clock == "UTC" ? "time" : "time in \(clock)", "who", "what", "outcome", "reason"],
            rows: entries.map { [$0.time, $0.who.text, $0.title, $0.outcome.word, $0.reason] })
    }

    func draw(_ body: Rect, _ painter: inout Painter) { painter.journal(self, in: body) }
}

extension ScreenID {
    static let journal = JournalScreen.id
}

extension ConsoleState {
    /// The Journal screen.
    var journal: JournalScreen {
        get { screens[JournalScreen.self] }
        set { screens[JournalScreen.self] = newValue }
    }
}
