import Canvas
import ClusterModel
import Wording

/// The Nodes screen: one row a node, and what is known of the selected one.
struct NodesScreen: FilteredScreen {
    static let title = "Nodes"
    static let help = "Show all nodes"

    /// What the nodes are ordered by.
    var order = NodeOrder.file
    /// Whether the order is turned round.
    var isReversed = false
    /// The filter as typed.
    var filter = ""
    /// Whether owned buckets are written as a list instead of drawn as a strip.
    var showsLists = false
    /// Indices into the nodes, in the order of the rows; only those the filter lets through.
    private(set) var rows: [Int] = []
    /// The selected node's name, so that it stays selected when rows move.
    private var selected: String?
    /// The selected row.
    private(set) var cursor = ListCursor()
    static let words: [HelpWord] = [
        .owner, .accepted, .arrived, .replied, .draining, .adopted, .settle, .ownMAC, .guardTable, .ruleset,
    ]

    static let commands: [Command] = [
        .enlarge,
        Command(
            "sort", "Order the nodes by the next column", .view, [.character("s")], footer: 6,
            takes: Arguments(.nodeOrder) { $0.sortNodes(by: $1) }.optional
        ) { $0.sortNodes(by: $0.nodes.order.next) },
        Command("reverse", "Turn the order round", .view, [.character("S")]) {
            $0.nodes.isReversed.toggle()
            return $0.sortNodes(by: $0.nodes.order)
        },
        Command("list", "Write owned buckets as a list, or draw them as a strip", .view, [.character("b")]) {
            $0.nodes.showsLists.toggle()
            return []
        },
        .showBuckets(of: "node", [.enter]), .mark, .clearMarks, .move, .drain, .restore, .takeOver,
    ]

    mutating func arrange(_ console: ConsoleState) {
        let shown = console.shownNodes
        let filter = TextFilter(filter)
        rows = shown.indices.filter { index in
            let node = shown[index]
            let words = console.nodeTotals(index).worst.map { [$0.tag, $0.evidence] } ?? []
            return filter.matches([node.name, node.state.rawValue, node.sample?.driver ?? ""] + words)
        }
        if let isBefore = order.isBefore {
            let nodes = shown.indices.map { RankedNode(status: shown[$0], facts: console.nodeTotals($0)) }
            // Equal nodes keep the cluster file's order, also when turned round, so that rows never swap by chance.
            rows.sort { isBefore(nodes[$0], nodes[$1]) || (!isBefore(nodes[$1], nodes[$0]) && $0 < $1) }
        }
        if isReversed { rows.reverse() }
        if let row = rows.firstIndex(where: { shown[$0].name == selected }) {
            cursor.row = row
        } else {
            select(row: cursor.row, console)
        }
    }

    /// Selects the node in a row, or the nearest.
    mutating func select(row: Int, _ console: ConsoleState) {
        cursor.row = min(max(row, 0), max(rows.count - 1, 0))
        selected = selectedIndex(console).map { console.shownNodes[$0].name }
    }

    var selectedRow: Int? { cursor.row }

    /// Index of the selected node; nil when none is shown.
    func selectedIndex(_ console: ConsoleState) -> Int? {
        guard rows.indices.contains(cursor.row) else { return nil }
        let index = rows[cursor.row]
        return console.shownNodes.indices.contains(index) ? index : nil
    }

    mutating func travel(_ step: Travel, _ console: ConsoleState) {
        let page = max(FrameLayout(console.size).body.rows - 2, 1)
        select(row: ListCursor.moved(cursor.row, step, count: rows.count, page: page), console)
    }

    func selection(_ console: ConsoleState) -> Selection {
        guard let index = selectedIndex(console) else { return Selection(text: console.clusterName) }
        let node = console.shownNodes[index]
        return Selection(
            node: node.name, buckets: console.nodeTotals(index).accepting, bucketFilter: "owner=\(node.name)",
            text: "\(node.name) \(node.state.rawValue) owned \(node.ownership.owned)")
    }

    func filterRemark(_ console: ConsoleState) -> String { "\(rows.count) of \(console.shownNodes.count)" }

    func draw(_ body: Rect, _ painter: inout Painter) { painter.nodes(self, in: body) }
}

extension ScreenID {
    static let nodes = NodesScreen.id
}

extension ConsoleState {
    /// The Nodes screen.
    var nodes: NodesScreen {
        get { screens[NodesScreen.self] }
        set { screens[NodesScreen.self] = newValue }
    }

    /// Orders the nodes by a column.
    fileprivate mutating func sortNodes(by order: NodeOrder) -> [Effect] {
        nodes.order = order
        change(.nodes) { $0.arrange($1) }
        return []
    }
}

extension Parameter<NodeOrder> {
    /// A column to order by.
    fileprivate static let nodeOrder = choice(NodeOrder.all.map { ($0.name, $0) }, of: "column", syntax: "COLUMN")
}
