import Canvas
import ClusterModel
import Planning

/// The console's screens, in the order of their number keys: a new screen is named here and nowhere else.
let allScreens: [any Screen.Type] = [
    NodesScreen.self, BucketsScreen.self, FlowScreen.self, PlanScreen.self, JournalScreen.self, FindingsScreen.self,
    TimelineScreen.self, ClustersScreen.self,
]

/// A screen of the console: what it keeps, what its keys do, how it is drawn, what is copied and exported from it.
///
/// All of a screen stands in one folder. Its commands change the whole console, since most of them open a plan or
/// another screen; everything else that a screen does changes the screen alone.
protocol Screen: Sendable {
    /// The name on the tab; in small letters it is also the command that opens the screen.
    static var title: String { get }
    /// What that command does, as the help says it.
    static var help: String { get }
    /// What may follow that command behind `:`; nil: nothing.
    static var arguments: Arguments? { get }
    /// What can be done here, beside what can be done everywhere.
    static var commands: [Command] { get }
    /// The words that the screen uses and that are not everyday ones, for its help.
    static var words: [HelpWord] { get }

    /// The screen before anything was heard.
    init()

    /// The operator has opened the screen.
    mutating func open() -> [Effect]
    /// A snapshot is on the screen that was not there before.
    mutating func snapshotShown(_ console: ConsoleState)
    /// Works out which rows are shown, and in what order.
    mutating func arrange(_ console: ConsoleState)
    /// Moves the selection.
    mutating func travel(_ step: Travel, _ console: ConsoleState)
    /// The selected row of a list; nil where there are no rows.
    var selectedRow: Int? { get }
    /// Selects a row.
    mutating func select(row: Int, _ console: ConsoleState)
    /// What is selected; plans, marks and the clipboard take it from here.
    func selection(_ console: ConsoleState) -> Selection
    /// What the tab says beside its name; nil: nothing.
    func badge(_ console: ConsoleState, _ glyphs: GlyphSet) -> Badge?
    /// What `export` writes.
    func export(_ console: ConsoleState) -> Export
    /// Draws the screen between the tabs and the footer.
    func draw(_ body: Rect, _ painter: inout Painter)

    /// Takes typed keys and pasted text before the key map does; nil leaves them to it.
    static func take(_ input: Input, _ console: inout ConsoleState) -> [Effect]?
    /// The keys that the footer shows while the screen takes typed keys; nil: those of its commands.
    func typingKeys() -> [(key: String, title: String)]?
    /// Esc: takes one thing away, such as a filter.
    static func back(_ console: inout ConsoleState)
}

extension Screen {
    static var arguments: Arguments? { nil }
    static var words: [HelpWord] { [] }
    /// Names the screen wherever a screen is meant.
    static var id: ScreenID { ScreenID(title: title) }

    mutating func open() -> [Effect] { [] }
    mutating func snapshotShown(_ console: ConsoleState) { arrange(console) }
    mutating func arrange(_ console: ConsoleState) {}
    mutating func travel(_ step: Travel, _ console: ConsoleState) {}
    var selectedRow: Int? { nil }
    mutating func select(row: Int, _ console: ConsoleState) {}
    func selection(_ console: ConsoleState) -> Selection { Selection() }
    func badge(_ console: ConsoleState, _ glyphs: GlyphSet) -> Badge? { nil }
    func export(_ console: ConsoleState) -> Export { .status }

    static func take(_ input: Input, _ console: inout ConsoleState) -> [Effect]? { nil }
    func typingKeys() -> [(key: String, title: String)]? { nil }
    static func back(_ console: inout ConsoleState) { console.setFilter("") }
}

/// A screen of which a filter, typed behind `/`, shows a part.
protocol FilteredScreen: Screen {
    /// The filter as typed.
    var filter: String { get set }
    /// How much is shown, "3 of 16", or what is wrong with the filter.
    func filterRemark(_ console: ConsoleState) -> String
}

/// A screen that is named.
struct ScreenID: Hashable, Sendable {
    /// The name on its tab.
    var title: String
}

/// A way that the selection of a screen can go.
enum Travel: Sendable {
    case up, down, left, right, pageUp, pageDown, top, bottom
}

/// What an operator typed or pasted.
enum Input: Sendable {
    case key(Key), text(String)
}

/// A few letters beside a tab's name.
struct Badge: Sendable {
    var text: String
    var scope: Scope
}

/// What is selected on a screen.
struct Selection: Sendable {
    /// The node that it is, or is about.
    var node: String?
    /// The buckets that it is about.
    var buckets = BucketSet()
    /// The filter of the Buckets screen that shows these; "": there are none.
    var bucketFilter = ""
    /// The entry of the journal that it is.
    var entry: JournalEntry?
    /// What the clipboard gets: one line that can be pasted into a report.
    var text = ""
}

/// What a screen puts into a file.
public enum Export: Hashable, Sendable {
    /// The whole snapshot, as `clusterip status` prints it.
    case status
    /// What is wrong, as `clusterip findings` prints it.
    case findings
    /// Rows under the names of columns; a cell without a value is nil.
    case table(columns: [String], rows: [[String?]])
}

/// The state of every screen, found by its type.
struct ScreenStates: Sendable {
    private var states: [any Screen] = allScreens.map { $0.init() }

    private static let places = Dictionary(
        uniqueKeysWithValues: allScreens.enumerated().map { ($0.element.id, $0.offset) })

    /// The state of a screen.
    subscript<S: Screen>(_ type: S.Type) -> S {
        get { self[S.id] as? S ?? S() }
        set { self[S.id] = newValue }
    }

    /// The state of a screen that is only named.
    subscript(_ id: ScreenID) -> any Screen {
        get { states[Self.places[id] ?? 0] }
        set { states[Self.places[id] ?? 0] = newValue }
    }
}
