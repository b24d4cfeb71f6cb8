import Canvas
import ClusterModel

/// Everything the console knows and everything the operator has set up: a value that `update` changes and `render`
/// draws.
public struct ConsoleState: Sendable {
    /// The cluster's name, until a snapshot brings the kernels' own.
    var clusterName: String
    /// The terminal's size in cells.
    var size: Size
    /// Whether anything may be changed.
    var lock: Lock
    /// The newest time heard, in seconds; only differences mean anything.
    var now: Double = 0
    /// By what clock times are written.
    var clock = DayClock()
    /// The themes that can be chosen, by name.
    var themes: [String]
    /// The name of the theme in use.
    var theme: String

    /// The snapshot on the screen; nil before the first.
    var snapshot: ClusterSnapshot?
    /// The newest snapshot while the screen is frozen; nil when it is not.
    var unseen: ClusterSnapshot?
    /// When the newest snapshot came.
    var snapshotTime: Double?
    /// The screen keeps the snapshot it has.
    var isFrozen = false
    /// What was worked out from the snapshot on the screen.
    var facts = ClusterFacts()
    /// What the cluster did before now.
    var past = Past()
    /// What happened in it.
    var chronicle = Chronicle()
    /// What earlier consoles have kept, oldest first.
    var keptEvents: [TimelineEvent] = []
    /// What the journal tells of operations.
    var operations: [TimelineEvent] = []
    /// Which time the graphs show.
    var view = TimeView()
    /// The nodes before the first snapshot.
    var expectedNodes: [NodeStatus]

    /// The screen shown.
    var screen: ScreenID
    /// What each screen keeps.
    var screens = ScreenStates()
    /// The panes beside the screens.
    var panes = PaneDesk()
    /// What is planned, executed, and marked for a plan, from any screen.
    var plan = PlanDesk()

    /// Whether clicks come here, and not to the terminal's own selection.
    var isMouseOn = true
    /// The bucket that the mouse's button went down on, and the marks that there were then; nil: it is not held.
    var dragStart: (bucket: Int, marks: BucketSet)?
    /// The keys of commands.
    var keys: KeyMap
    /// The lines that were run, the newest last.
    var typedLines: [String] = []
    /// When an unlocking for some minutes ends; nil: it does not.
    var lockTime: Double?
    /// What is being asked in the last line.
    var prompt: Prompt?
    /// What is drawn over the screen.
    var overlay: Overlay?
    /// The sentence in the last line, and when it goes.
    var notice: (text: Notice, until: Double)?

    /// A console that has heard nothing yet.
    ///
    /// - Parameters:
    ///   - nodes: the names in the cluster file; each is shown as being connected to.
    ///   - zone: seconds that written times are ahead of UTC.
    ///   - isMouseOn: whether clicks come to the console.
    ///   - panes: the panes as they were set up before.
    ///   - keys: the keys of commands.
    public init(
        clusterName: String, nodes: [String], lock: Lock = .locked, themes: [String] = [], theme: String = "",
        size: Size = Size(columns: 80, rows: 24), zone: Int = 0, isMouseOn: Bool = true,
        panes: PaneSettings = PaneSettings(), keys: KeyMap = KeyMap()
    ) {
        self.clusterName = clusterName
        self.lock = lock
        self.themes = themes
        self.theme = theme
        self.size = size
        clock.zone = zone
        self.isMouseOn = isMouseOn
        self.panes.settings = panes
        self.keys = keys
        screen = allScreens[0].id
        expectedNodes = nodes.map { NodeStatus(name: $0, state: .connecting) }
        changeAll { $0.arrange($1) }
    }

    /// The nodes on the screen.
    var shownNodes: [NodeStatus] { snapshot?.nodes ?? expectedNodes }
    /// The number of buckets on the screen, 0 before the first snapshot.
    var totalBuckets: Int { facts.bucketRates.count }
    /// What was worked out of a node; nothing before the first snapshot.
    func nodeTotals(_ index: Int) -> NodeTotals {
        facts.nodes.indices.contains(index) ? facts.nodes[index] : NodeTotals()
    }
    /// No snapshot came for more than three seconds: what is on the screen may have changed.
    var isSilent: Bool { snapshotTime.map { now - $0 > 3 } ?? false }
    /// The snapshot that a change must be judged by, also while the screen is frozen.
    var newest: ClusterSnapshot? { unseen ?? snapshot }
    /// What is selected on the screen.
    var selection: Selection { screens[screen].selection(self) }

    /// Opens a screen.
    mutating func open(_ id: ScreenID) -> [Effect] {
        screen = id
        panes.isAlone = false
        return screens[id].open()
    }

    /// Lets a screen change what it keeps, by all that is known.
    mutating func change(_ id: ScreenID, _ change: (inout any Screen, ConsoleState) -> Void) {
        var state = screens[id]
        change(&state, self)
        screens[id] = state
    }

    /// Lets every screen change what it keeps.
    mutating func changeAll(_ change: (inout any Screen, ConsoleState) -> Void) {
        for screen in allScreens { self.change(screen.id, change) }
    }

    /// Puts a new snapshot on the screen and works out everything that is drawn from it.
    mutating func show(_ snapshot: ClusterSnapshot) {
        let isSame = self.snapshot?.configuration.bucketCount == snapshot.configuration.bucketCount
        facts = ClusterFacts(snapshot, scale: isSame ? facts.scale : 0)
        self.snapshot = snapshot
        clusterName = snapshot.configuration.name
        changeAll { $0.snapshotShown($1) }
    }

    /// Shows a sentence in the last line for six seconds.
    mutating func say(_ text: String, _ kind: Notice.Kind = .information) {
        notice = (Notice(text, kind: kind), now + 6)
    }
}

/// Whether this console may change anything.
public enum Lock: Hashable, Sendable {
    /// Plans may be executed.
    case operate
    /// Plans are shown and not executed until the operator unlocks.
    case locked
    /// Nothing can be executed, whatever the operator says; the text says why.
    case readOnly(String)

    /// Why a plan cannot be executed now; nil when it can.
    public var reason: String? {
        switch self {
        case .operate: nil
        case .locked: "locked: press U, or type :unlock"
        case .readOnly(let why): "read-only: \(why)"
        }
    }
}

/// One sentence for the operator, shown in the last line for a few seconds.
public struct Notice: Hashable, Sendable {
    /// How it is coloured and what word precedes it.
    public enum Kind: Sendable { case information, warning, failure }

    /// The sentence.
    public var text: String
    /// How bad it is.
    public var kind: Kind

    /// A notice from its parts.
    public init(_ text: String, kind: Kind = .information) {
        self.text = text
        self.kind = kind
    }
}
