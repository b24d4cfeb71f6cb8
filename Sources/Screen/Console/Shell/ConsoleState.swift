import Canvas
import ClusterModel

/// Everything the console knows and everything the operator has set up: a value that `update` changes and `render`
/// draws.
public struct ConsoleState: Sendable {
    /// The cluster's name, until a snapshot brings the kernels' own.
    public internal(set) var clusterName: String
    /// The screen's size in cells.
    public internal(set) var size: Size
    /// The screen shown.
    public internal(set) var screen: Screen = .nodes
    /// Whether anything may be changed.
    public internal(set) var lock: Lock
    /// The newest time heard, in seconds; only differences mean anything.
    public internal(set) var now: Double = 0
    /// The themes that can be chosen, by name.
    public internal(set) var themes: [String]
    /// The name of the theme in use.
    public internal(set) var theme: String

    /// The snapshot on the screen; nil before the first.
    public internal(set) var snapshot: ClusterSnapshot?
    /// The newest snapshot while the screen is frozen; nil when it is not.
    var unseen: ClusterSnapshot?
    /// When the newest snapshot came.
    var snapshotTime: Double?
    /// The screen keeps the snapshot it has.
    public internal(set) var isFrozen = false
    /// What was worked out from the snapshot on the screen.
    var facts = ClusterFacts()
    /// Accepted packets per second of each node, by name, in the last snapshots.
    var trends: [String: RateHistory] = [:]
    /// The nodes before the first snapshot.
    var expectedNodes: [NodeStatus]
    /// Since when each finding of the newest snapshot is there.
    var findingTimes: [FindingKey: Double] = [:]

    /// The node table: the selected row, order and filter.
    var nodes = NodeTable()
    /// The bucket map: the selected bucket and filter.
    var buckets = BucketMap()
    /// The buckets the operator marked; a plan is made of them.
    var marks: BucketSet {
        get { plan.buckets }
        set { plan.buckets = newValue }
    }
    /// The Flow screen.
    var flow = FlowDesk()
    /// The Plan screen.
    public internal(set) var plan = PlanDesk()
    /// The journal, newest first.
    var journal: [JournalEntry] = []
    /// The selected entry of the journal.
    var journalCursor = ListCursor()
    /// The selected finding.
    var findingCursor = ListCursor()

    /// What is being asked in the last line.
    var prompt: Prompt?
    /// What is drawn over the screen.
    var overlay: Overlay?
    /// The sentence in the last line, and when it goes.
    var notice: (text: Notice, until: Double)?

    /// A console that has heard nothing yet.
    ///
    /// - Parameter nodes: the names in the cluster file; each is shown as being connected to.
    public init(
        clusterName: String, nodes: [String], lock: Lock = .locked, themes: [String] = [], theme: String = "",
        size: Size = Size(columns: 80, rows: 24)
    ) {
        self.clusterName = clusterName
        self.lock = lock
        self.themes = themes
        self.theme = theme
        self.size = size
        expectedNodes = nodes.map { NodeStatus(name: $0, state: .connecting) }
        arrangeNodes()
    }

    /// The nodes on the screen.
    var shownNodes: [NodeStatus] { snapshot?.nodes ?? expectedNodes }
    /// The number of buckets on the screen, 0 before the first snapshot.
    var totalBuckets: Int { facts.bucketRates.count }
    /// What was worked out of a node; nothing before the first snapshot.
    func nodeFacts(_ index: Int) -> NodeFacts { facts.nodes.indices.contains(index) ? facts.nodes[index] : NodeFacts() }
    /// No snapshot came for more than three seconds: what is on the screen may have changed.
    var isSilent: Bool { snapshotTime.map { now - $0 > 3 } ?? false }
    /// The snapshot that a change must be judged by, also while the screen is frozen.
    var newest: ClusterSnapshot? { unseen ?? snapshot }
}
