import ClusterModel
import Planning

/// The one way in which an earlier plan is completed or taken back, from the command line and from the console.
extension Recovery {
    /// What completes the plan under a new operation's id: its moves, or what they have left draining and adopted.
    ///
    /// - Throws: `PlanError` when there is nothing to complete, or only a new plan can.
    public func completion(operation: String, reason: String? = nil, options: PlanExecution.Options = .init())
        throws(PlanError) -> PlanExecution
    {
        if let execution = finishing(operation: operation) ?? closing(operation: operation) {
            return execution.with(options: options, reason: reason)
        }
        if isReached {
            throw .nothingToMove("there is nothing to finish: every bucket is where the plan wanted it")
        }
        throw .nothingToMove("nothing of \(plan.operation) can be completed now: \(obstacle)")
    }

    /// What takes the plan back under a new operation's id, in a cluster as it was last seen.
    ///
    /// - Throws: `PlanError` when there is nothing to take back, or a bucket is with a third node.
    public func reversal(
        operation: String, snapshot: ClusterSnapshot, reason: String? = nil, options: PlanExecution.Options = .init()
    ) throws(PlanError) -> PlanExecution {
        let isOurs = places.values.allSatisfy { [.moved, .untouched, .released].contains($0) }
        if isOurs, isUnfinished, let execution = undoing(operation: operation) {
            return execution.with(options: options, reason: reason)
        }
        let inverse = try Planner(snapshot: snapshot, operation: operation, reason: reason).inverse(of: plan)
        return PlanExecution(plan: inverse, options: options)
    }

    /// Whether others have changed what the plan did not bring to its place, so that nothing of it can be completed any more.
    public var isOvertaken: Bool {
        !isReached
            && places.values.allSatisfy { place in
                if case .overtaken = place { return true }
                return place == .moved
            }
    }

    /// Whether every bucket is where the plan wanted it.
    public var isReached: Bool { places.values.allSatisfy { $0 == .moved } }

    /// Why what is left cannot be completed.
    private var obstacle: String {
        for (bucket, place) in places.sorted(by: { $0.key < $1.key }) {
            switch place {
            case .overtaken(let other):
                return "bucket \(bucket) was changed since by \(other?.madeSafe(limit: 64) ?? "another program")"
            case .unseen(let node): return "\(node) cannot be read"
            case .untouched, .released, .moved: continue
            }
        }
        return "what nobody answers needs a new plan that asks every node, such as `clusterip repair`"
    }
}

extension PlanExecution {
    /// An execution that has not begun, with other options and a reason; what was read of authors stays.
    public func with(options: Options, reason: String? = nil) -> PlanExecution {
        var plan = plan
        plan.reason = reason ?? plan.reason
        return PlanExecution(plan: plan, options: options, authors: unasked.isEmpty ? authors : nil)
    }
}
