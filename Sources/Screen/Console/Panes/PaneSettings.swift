/// A part of a screen that shows one thing: an operator can enlarge it, hide it and make it higher.
enum PaneID: String, CaseIterable, Sendable {
    /// What the cluster accepts, by node.
    case graph
    /// A graph for each node.
    case nodes
    /// Every bucket by its heat.
    case map
    /// Buckets over time.
    case waterfall
    /// What is wrong.
    case findings
    /// The buckets that accept most.
    case busiest
    /// What is known of nodes.
    case facts
    /// What happened.
    case timeline

    /// Whether it can use any room there is.
    var grows: Bool {
        switch self {
        case .graph, .nodes, .map, .waterfall, .facts: true
        case .findings, .busiest, .timeline: false
        }
    }
}

/// Which panes an operator has hidden, and how much higher or lower the others are; kept from one start to the next.
public struct PaneSettings: Hashable, Sendable {
    /// How far a pane can be made higher or lower.
    private static let mostRows = 60

    private(set) var hidden: Set<PaneID> = []
    /// Rows that a pane has more, or less, than it would have.
    private(set) var rows: [PaneID: Int] = [:]

    /// Panes as they are built.
    public init() {}

    /// Reads what `text` wrote; what it does not know it leaves out.
    public init(text: String) {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count >= 2, let pane = PaneID(rawValue: String(words[1])) else { continue }
            if words[0] == "hide" { hidden.insert(pane) }
            if words[0] == "rows", words.count == 3, let number = Int(words[2]) {
                resize(pane, by: min(max(number, -Self.mostRows), Self.mostRows))
            }
        }
    }

    /// The settings in lines: "hide map", "rows timeline 4".
    public var text: String {
        let lines =
            PaneID.allCases.filter(hidden.contains).map { "hide \($0.rawValue)\n" }
            + PaneID.allCases.compactMap { pane in rows[pane].map { "rows \(pane.rawValue) \($0)\n" } }
        return lines.joined()
    }

    /// Hides a pane, or shows it again.
    mutating func toggle(_ pane: PaneID) { if hidden.remove(pane) == nil { hidden.insert(pane) } }

    /// Makes a pane so many rows higher.
    mutating func resize(_ pane: PaneID, by distance: Int) {
        let now = min(max(rows[pane] ?? 0, -Self.mostRows), Self.mostRows)
        let wanted = min(max(now + distance, -Self.mostRows), Self.mostRows)
        rows[pane] = wanted == 0 ? nil : wanted
    }
}

/// The panes as the operator has set them up, and which one is chosen.
struct PaneDesk: Sendable {
    /// What is remembered.
    var settings = PaneSettings()
    /// The pane that keys are about; nil: none.
    var focus: PaneID?
    /// Whether that pane has the whole screen.
    var isAlone = false

    /// The pane that has the whole screen; nil: none.
    var alone: PaneID? { isAlone ? focus : nil }
}
