import ClusterModel

extension Plan {
    /// The requests that carry the plan out: for every old owner its release, and for the new owners claims that each
    /// wait for the releases they depend on.
    ///
    /// A bucket that is in the wanted state already is in no claim.
    public var steps: [PlanStep] { releases + claims }

    /// Ownership of each node after the plan, by name.
    public var after: [String: Ownership] {
        steps.reduce(into: before) { nodes, step in
            for change in step.request.changes {
                nodes[step.node, default: Ownership()].set(change.bucket, to: change.to)
            }
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

    private var releases: [PlanStep] {
        let target: BucketState? = mode == .graceful ? .draining : nil
        return Dictionary(grouping: moves.filter { $0.from != nil }) { $0.from ?? "" }.sorted { $0.key < $1.key }
            .map { node, moves in
                let held = before[node] ?? Ownership()
                let changes = moves.map { move in
                    StepRequest.Change(bucket: move.bucket, from: held.state(of: move.bucket), to: target)
                }
                return PlanStep(node: node, purpose: .release, request: request(changes))
            }
    }

    private var claims: [PlanStep] {
        return Dictionary(grouping: moves) { Pair(to: $0.to, from: $0.from) }
            .sorted { ($0.key.to, $0.key.from ?? "") < ($1.key.to, $1.key.from ?? "") }
            .compactMap { pair, moves in
                let held = before[pair.to] ?? Ownership()
                let changes = moves.compactMap { move -> StepRequest.Change? in
                    let found = held.state(of: move.bucket)
                    guard found?.acceptsNewFlows != true else { return nil }
                    return StepRequest.Change(bucket: move.bucket, from: found, to: claimed(move))
                }
                guard !changes.isEmpty else { return nil }
                return PlanStep(
                    node: pair.to, purpose: .claim, request: request(changes), after: pair.from.map { [$0] } ?? [])
            }
    }

    /// The state in which a new owner claims: where no connection is kept, it adopts and resets what it does not know, so
    /// that clients connect again at once.
    ///
    /// A third live node that still drains the bucket keeps connections that are not to be reset: then the bucket is owned.
    private func claimed(_ move: Move) -> BucketState {
        mode == .graceful || isDrained(move.bucket, besides: [move.to]) ? .owned : .adopted
    }

    /// Whether a live node other than these was seen to drain a bucket when the plan was made: it keeps connections.
    public func isDrained(_ bucket: Int, besides nodes: Set<String>) -> Bool {
        if drainedElsewhere?.contains(bucket) == true { return true }
        let dead = Set(risks.flatMap { $0.silent ?? [] })
        return before.contains { node, ownership in
            !nodes.contains(node) && !dead.contains(node) && ownership.draining.contains(bucket)
        }
    }

    private struct Pair: Hashable {
        var to: String
        var from: String?
    }

    private func request(_ changes: [StepRequest.Change]) -> StepRequest {
        StepRequest(operation: operation, address: address, changes: changes)
    }
}
