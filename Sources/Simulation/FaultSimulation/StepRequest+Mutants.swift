import ClusterModel

/// What an agent with a mistake makes of a step.
extension StepRequest {
    typealias Held = (ownership: Ownership, operations: [Int: String])

    func mutated(_ mutant: Mutant, _ held: Held) -> Self {
        var step = self
        step.changes = changes.map { change in
            var change = change
            let state = held.ownership.state(of: change.bucket)
            switch mutant {
            case .ignoreCompare: (change.from, change.by) = (state, nil)
            case .ignoreOperation:
                if state == change.to { change.from = state }
                change.by = nil
            case .adoptDrained: if change.to == .owned { change.to = .adopted }
            default: break
            }
            return change
        }
        return step
    }

    /// The refusal of an agent that does not know its own work again; nil when the step was not made before.
    func repetition(of held: Held) -> StepOutcome.Mismatch? {
        for change in changes where change.from != change.to {
            let (state, author) = (held.ownership.state(of: change.bucket), held.operations[change.bucket])
            guard state == change.to, author == operation else { continue }
            return .init(bucket: change.bucket, expected: change.from, found: state, writtenBy: author)
        }
        return nil
    }
}
