/// The node table: which node is selected, in what order they stand, and which of them are shown.
struct NodeTable: Hashable, Sendable {
    /// The order.
    var sort: NodeSort = .order
    /// Whether the order is turned round.
    var isReversed = false
    /// The filter as typed.
    var filter = ""
    /// Whether owned buckets are written as a list instead of drawn as a strip.
    var showsLists = false
    /// Indices into the nodes, in the order of the rows; only those the filter lets through.
    var rows: [Int] = []
    /// The selected node's name, so that it stays selected when rows move.
    var selected: String?
    /// The selected row.
    var cursor = ListCursor()
}
