import ClusterModel

/// What a plan came to, by what became of its steps.
public enum PlanResult: Hashable, Sendable {
    /// Every step was done.
    case done
    /// Every bucket is where the plan wants it; some drain on, or stay adopted, beyond the time that was given.
    case unclosed
    /// Something was changed, or may have been, and not all was done.
    case partly
    /// Surely no bucket has another state than before: at most the marks of guards were written.
    case nothingChanged

    /// What a plan came to whose steps are over.
    public init(_ steps: some Sequence<StepStatus>, of plan: Plan) {
        var (isDone, isClosed, isUnchanged) = (true, true, true)
        for status in steps {
            switch status.progress {
            case .done:
                isDone = isDone && status.role != .giveBack
                isUnchanged = isUnchanged && status.role == .guard
            case .skipped(let failure) where status.role.isClosing && (plan.finalization == nil || failure.isTimeOver):
                isClosed = false
            case .refused, .skipped: isDone = false
            // A guard changes nobody's state, also when it is carried out late.
            case .unknown where status.role == .guard: isDone = false
            case .waiting, .running, .unknown: (isDone, isUnchanged) = (false, false)
            }
        }
        self = isDone ? (isClosed ? .done : .unclosed) : isUnchanged ? .nothingChanged : .partly
    }

    /// Whether every bucket is where the plan wants it.
    public var hasSucceeded: Bool { self == .done || self == .unclosed }
}

/// A plan that was carried out: what became of its steps, and what the kernels hold afterwards.
public struct PlanOutcome: Hashable, Sendable {
    /// The plan's steps, and behind them what else was done.
    public var steps: [StepStatus]
    /// What it came to, by the steps.
    public var result: PlanResult
    /// Live connections that old owners kept when a wait for them ended, by node and bucket.
    public var connectionsLeft: [String: [Int: Int]]
    /// Where each bucket is, as the kernels hold it afterwards.
    public var recovery: Recovery
    /// Ownership as the nodes' kernels hold it afterwards, by name; a node that could not be read is missing.
    public var after: [String: Ownership]
    /// The nodes that were read and have no table any more.
    public var bare: Set<String>

    /// An outcome from its parts.
    public init(
        steps: [StepStatus], connectionsLeft: [String: [Int: Int]] = [:], recovery: Recovery,
        after: [String: Ownership], bare: Set<String> = []
    ) {
        self.steps = steps
        result = PlanResult(steps, of: recovery.plan)
        self.connectionsLeft = connectionsLeft
        self.recovery = recovery
        self.after = after
        self.bare = bare
    }

    /// The plan.
    public var plan: Plan { recovery.plan }

    /// Whether every step was done and every kernel shows it.
    public var isConfirmed: Bool {
        result.hasSucceeded && recovery.isReached && besides.isEmpty && abandoned.isEmpty
    }

    /// What drains or is adopted still, after all steps of the plan were done.
    public var unclosed: [StepStatus] { steps.filter { $0.role.isClosing && $0.progress != .done } }

    /// Why the first step that was not done was not; nil when all were.
    public var failure: StepFailure? { steps.lazy.compactMap(\.progress.failure).first }

    /// Buckets that the plan left alone and that nobody answers any more, by the node that did.
    ///
    /// Its table was flushed or edited meanwhile. What drains somewhere is under way in another plan.
    public var abandoned: [String: BucketSet] {
        if recovery.isResized { return [:] }
        let held = after.values.reduce(BucketSet()) { $0.union($1.accepting).union($1.draining) }
            .union(BucketSet(plan.moves.map(\.bucket)))
        return bare.union(after.keys).reduce(into: [:]) { abandoned, name in
            if plan.membership[name]?.isEnd == true { return }
            let buckets = plan.accepted(before: name).subtracting(held)
            if !buckets.isEmpty { abandoned[name] = buckets }
        }
    }

    /// Who answers buckets besides their new owners, each with those buckets: another program's work.
    public var besides: [String: BucketSet] {
        plan.moves.reduce(into: [:]) { besides, move in
            guard recovery.places[move.bucket] == .moved else { return }
            for (name, ownership) in after where name != move.to && ownership.accepts(move.bucket) {
                besides[name, default: []].insert(move.bucket)
            }
        }
    }

    /// The moved buckets that, by the kernels, are not answered by their target alone.
    public var misplaced: BucketSet {
        BucketSet(
            plan.moves.filter { move in
                let accepting = after.filter { $0.value.state(of: move.bucket)?.acceptsNewFlows == true }
                return accepting.count != 1 || accepting.first?.key != move.to
            }.map(\.bucket))
    }
}
