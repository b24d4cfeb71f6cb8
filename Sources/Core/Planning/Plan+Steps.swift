import ClusterModel

extension Plan {
    /// The requests that carry the plan out: for every old owner its release, and for the new owners claims that each
    /// wait for the releases they depend on.
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
    public var nodes: [String] { Set(moves.map(\.to) + moves.compactMap(\.from)).sorted() }

    private var releases: [PlanStep] {
        let target: BucketState? = mode == .graceful ? .draining : nil
        return Set(moves.compactMap(\.from)).sorted().map { node in
            let changes = moves.filter { $0.from == node }.map { move in
                StepRequest.Change(bucket: move.bucket, from: before[node]?.state(of: move.bucket), to: target)
            }
            return PlanStep(node: node, purpose: .release, request: request(changes))
        }
    }

    private var claims: [PlanStep] {
        let pairs = Set(moves.map { Pair(to: $0.to, from: $0.from) })
        return pairs.sorted { ($0.to, $0.from ?? "") < ($1.to, $1.from ?? "") }.map { pair in
            let changes = moves.filter { $0.to == pair.to && $0.from == pair.from }.map { move in
                StepRequest.Change(
                    bucket: move.bucket, from: before[pair.to]?.state(of: move.bucket),
                    to: mode == .takeOver ? .adopted : .owned)
            }
            return PlanStep(
                node: pair.to, purpose: .claim, request: request(changes), after: pair.from.map { [$0] } ?? [])
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
