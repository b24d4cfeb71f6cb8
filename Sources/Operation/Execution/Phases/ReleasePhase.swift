import Planning

/// Old owners release what the new ones have confirmed not to answer.
struct ReleasePhase {
    /// Whether nothing new is released; what was released is still claimed, so that nobody is left without an owner.
    private(set) var isStopped = false

    mutating func stop() { isStopped = true }

    /// Why a step that takes something from a node must not be sent; nil when it may.
    func obstacle(to step: PlanStep) -> String? {
        switch step.role {
        case .guard, .release, .endDrain: isStopped ? "stopped before it began" : nil
        case .drop, .claim, .giveBack, .adopt, .finalize: nil
        }
    }

    /// Why what needs a release is not sent that is over and was not done.
    static func failure(of release: StepID, _ progress: StepProgress) -> String {
        if case .unknown = progress { return "it is not known whether \(release.node) released" }
        return "\(release.node) did not release"
    }
}
