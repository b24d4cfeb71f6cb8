/// What the node table is ordered by.
public enum NodeSort: String, CaseIterable, Sendable {
    case order, name, state, buckets, pps, connections, age

    /// The order that the sort key switches to from this one.
    public var next: Self {
        let all = Self.allCases
        return all[(all.firstIndex(of: self).map { $0 + 1 } ?? 0) % all.count]
    }
}
