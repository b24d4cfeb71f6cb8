import Planning

/// Before anything is released, nodes confirm that they do not answer what is to be claimed.
///
/// For a node that cannot be asked, the operator's word stands; it must hold until the plan has ended.
struct GuardPhase {
    /// The nodes for which the operator's word stands.
    let vouchedFor: Set<String>
    /// One of them that answered all the same.
    private(set) var returned: String?

    init(vouchedFor: Set<String>) { self.vouchedFor = vouchedFor }

    /// Takes that a node answers; whether the operator's word for it was the first to fail.
    mutating func take(returnOf node: String) -> Bool {
        guard vouchedFor.contains(node), returned == nil else { return false }
        returned = node
        return true
    }

    /// Why a claim must not be sent that only the operator's word allows; nil when it may.
    func obstacle(to claim: PlanStep) -> StepFailure? {
        guard let returned, claim.role == .claim, claim.id.peer == nil else { return nil }
        return .returned(node: returned)
    }
}
