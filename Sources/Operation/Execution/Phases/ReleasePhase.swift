import Planning

/// Old owners release what the new ones have confirmed not to answer.
struct ReleasePhase {
    /// Whether nothing new is released; what was released is still claimed, so that nobody is left without an owner.
    private(set) var isStopped = false

    mutating func stop() { isStopped = true }

    /// Why a step that takes something from a node must not be sent; nil when it may.
    func obstacle(to step: PlanStep) -> StepFailure? {
        switch step.role {
        case .guard, .release, .endDrain, .admit, .rebuild, .leave, .end, .enroll: isStopped ? .stopped : nil
        case .drop, .claim, .giveBack, .adopt, .finalize: nil
        }
    }
}
