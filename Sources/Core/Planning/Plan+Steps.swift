import ClusterModel

extension Plan {
    /// The steps that carry the plan out, each with those that it waits for.
    ///
    /// A bucket that is in the wanted state already is in no claim.
    public var steps: [PlanStep] { closing == nil ? MoveSteps(self).all : FinalizationSteps(self).all }

    /// Ownership of each node after the plan, by name.
    public var after: [String: Ownership] {
        guard closing == nil else { return before }
        let moving = MoveSteps(self)
        return (moving.releases + moving.claims).reduce(into: before) { nodes, step in
            for change in step.changes { nodes[step.node, default: Ownership()].set(change.bucket, to: change.to) }
        }
    }

    /// The buckets that move.
    public var buckets: BucketSet { BucketSet(moves.map(\.bucket)) }

    /// The nodes that take part, in order of name.
    public var nodes: [String] {
        Set(moves.map(\.to)).union(moves.lazy.compactMap(\.from)).sorted()
    }

    /// The moves that take the plan back: to the old owners, of what the new ones did not answer before.
    public var inverse: [Move] {
        moves.compactMap { move in
            guard let from = move.from, before[move.to]?.accepting.contains(move.bucket) != true else { return nil }
            return Move(bucket: move.bucket, from: move.to, to: from)
        }
    }

    /// Whether a live node other than these was seen to drain a bucket when the plan was made: it keeps connections.
    public func isDrained(_ bucket: Int, besides nodes: Set<String>) -> Bool {
        if drainedElsewhere?.contains(bucket) == true { return true }
        let dead = Set(risks.flatMap { $0.silent ?? [] })
        return before.contains { node, ownership in
            !nodes.contains(node) && !dead.contains(node) && ownership.draining.contains(bucket)
        }
    }

    /// The nodes that cannot be asked, and for which the operator's word stands that they answer nothing.
    ///
    /// It must hold until the plan has ended.
    public var vouchedFor: Set<String> { Set(risks.filter(\.mustBeForced).flatMap { $0.silent ?? [] }) }
}
