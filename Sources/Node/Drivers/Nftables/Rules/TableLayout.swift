/// How the sets and chains of a cluster's table are arranged; a node may still have a table of an older edition.
enum TableLayout: Hashable, CaseIterable {
    /// Of edition 0.1: every packet that is not dropped before connection tracking is hashed behind it.
    case first
    /// Packets of known flows are told by their connection's mark, TCP segments of no connection are dropped early.
    case second
    /// The second without marks, which are another program's: every packet is hashed before and behind connection tracking.
    case markless

    /// The sets that count packets, by bucket; no move touches them.
    ///
    /// The first describes the cluster in its comment.
    var countingSets: [String] {
        switch self {
        case .first: ["arrived", "answered"]
        case .second, .markless: ["accepted", "dropped", "replied"]
        }
    }

    /// The set whose comment describes the cluster.
    var describingSet: String { countingSets[0] }

    /// The sets besides the counting ones and those of ownership.
    var furtherSets: [String] {
        switch self {
        case .first: []
        case .second: [BucketTable.sticky, BucketTable.opened, BucketTable.unmarked, BucketTable.misled]
        case .markless: [BucketTable.sticky, BucketTable.opened, BucketTable.uncounted, BucketTable.misled]
        }
    }

    /// The set of what is counted beside accepted, dropped and replied; nil when there is none.
    var asideSet: String? {
        switch self {
        case .first: nil
        case .second: BucketTable.unmarked
        case .markless: BucketTable.uncounted
        }
    }

    /// The sets of what is noted beside the buckets; a table may lack them.
    var noteSets: [String] {
        switch self {
        case .first: []
        case .second, .markless: [BucketTable.members, BucketTable.operations]
        }
    }

    /// Whether known flows are told by their connection's mark.
    var marksConnections: Bool { self == .second }

    /// The layout of a table that has these sets; nil when none of them describes a cluster.
    init?(describedIn sets: some Collection<String>) {
        guard let layout = Self.allCases.first(where: { sets.contains($0.describingSet) }) else { return nil }
        self = layout == .second && !sets.contains(BucketTable.unmarked) ? .markless : layout
    }
}
