import AgentProtocol
import ClusterModel
import Planning
import Responsibility

/// Before anything is asked or claimed, nodes become members, are made anew or leave.
///
/// What they own is asked only then: so every claim that follows has the guards of all members there are.
struct MemberPhase {
    /// Whether every such step is over, or there is none.
    static func isOver(_ steps: StepTable) -> Bool {
        steps.allSatisfy { !$0.role.isMembership || $0.progress.isOver }
    }

    /// Why nothing may be claimed: the first node whose membership is not what the plan wants it to be.
    static func obstacle(_ steps: StepTable) -> StepFailure? {
        for status in steps
        where status.role.isMembership && status.role != .enroll && status.progress.isOver && status.progress != .done {
            let isKnown = if case .unknown = status.progress { false } else { true }
            return .notAdmitted(node: status.node, isKnown: isKnown)
        }
        return nil
    }

    /// The call that makes a change.
    static func call(_ change: MembershipChange, _ address: IPAddress, members: [String]) -> AgentCall {
        switch change {
        case .admit(let configuration, let driver): .admit(configuration, driver: driver, members: members)
        case .rebuild(let configuration, let old, let isKept):
            .rebuild(configuration, from: old.scheme, keeping: isKept)
        case .leave: .leave(address)
        case .end: .uninstall(address)
        }
    }

    /// Whether an answer means that the node is what the change makes of it: what is not there has left.
    static func isDone(_ change: MembershipChange, _ result: Result<AgentResult, AgentFailure>) -> Bool {
        switch (change, result) {
        case (_, .success(.done)): true
        case (.leave, .failure(let failure)), (.end, .failure(let failure)): failure.code == .notFound
        default: false
        }
    }
}
