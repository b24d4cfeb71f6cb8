import AgentProtocol
import ClusterModel
import FaultSimulation
import NodeDriver
import SimulatedNodes

/// Mistakes of agents: in what they make of a step.

final class IgnoreCompare: Interception {
    func carryOut(_ step: StepRequest, on node: AgentSide) -> Result<AgentResult, AgentFailure> {
        node.agent(step.changed { ($0.from, $0.by) = (node.ownership.state(of: $0.bucket), nil) })
    }
}

final class IgnoreMarks: Interception {
    func carryOut(_ step: StepRequest, on node: AgentSide) -> Result<AgentResult, AgentFailure> {
        node.agent(
            step.changed {
                let state = node.ownership.state(of: $0.bucket)
                if state == $0.to { $0.from = state }
                $0.by = nil
            })
    }
}

final class AdoptDrained: Interception {
    func carryOut(_ step: StepRequest, on node: AgentSide) -> Result<AgentResult, AgentFailure> {
        node.agent(step.changed { if $0.to == .owned { $0.to = .adopted } })
    }
}

final class ResetCounters: Interception {
    func carryOut(_ step: StepRequest, on node: AgentSide) -> Result<AgentResult, AgentFailure> {
        defer { node.driver.resetCounters(of: step.address) }
        return node.agent(step)
    }
}

/// Steps never expire.
final class NeverExpire: Interception {
    func carryOut(_ step: StepRequest, on node: AgentSide) -> Result<AgentResult, AgentFailure> {
        var step = step
        step.until = nil
        return node.agent(step)
    }
}

/// A node whose rules are gone keeps the marks of before, also when it was asked for them.
final class KeepMarks: Interception {
    func forgets(_ node: String) -> Bool { false }
}

extension StepRequest {
    fileprivate func changed(_ body: (inout Change) -> Void) -> Self {
        var step = self
        for index in step.changes.indices { body(&step.changes[index]) }
        return step
    }
}

/// No node announces the cluster MAC.
final class Mute: Interception {
    func announces(_ node: String) -> Bool { false }
}
