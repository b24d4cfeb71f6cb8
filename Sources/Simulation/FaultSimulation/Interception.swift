import AgentProtocol
import ClusterModel
import Execution
import NodeDriver
import Planning
import SimulatedNodes

/// Stands between the parts of a run, so that a test may change what passes.
///
/// It sees the steps of plans, the calls of coordinators, the lines of journals, what agents make of steps, and what a
/// recovery reads. Everything passes unchanged as long as a type does not say otherwise.
package protocol Interception: AnyObject {
    /// The steps that are carried out for a plan.
    func steps(of plan: Plan) -> [PlanStep]

    /// The journal to which a plan's story is written.
    func recorder(_ recorder: any PlanRecorder) -> any PlanRecorder

    /// The calls through which a plan is carried out; the recorder is told what they stand for.
    func calls(_ calls: any NodeCalls, recorder: any PlanRecorder) -> any NodeCalls

    /// Has an agent carry out a step.
    func carryOut(_ step: StepRequest, on node: AgentSide) -> Result<AgentResult, AgentFailure>

    /// Whether a node keeps no mark any more of rules that are gone when it is asked for them.
    func forgets(_ node: String) -> Bool

    /// Whether a node's announcement of the cluster MAC leaves the node.
    func announces(_ node: String) -> Bool

    /// What a recovery takes for the kernels' state: what was read, and what the journal of the plan says.
    func kernels(read: [String: Recovery.Kernel], recorded: [String: Recovery.Kernel]) -> [String: Recovery.Kernel]
}

extension Interception {
    package func steps(of plan: Plan) -> [PlanStep] { plan.steps }
    package func recorder(_ recorder: any PlanRecorder) -> any PlanRecorder { recorder }
    package func calls(_ calls: any NodeCalls, recorder: any PlanRecorder) -> any NodeCalls { calls }
    package func carryOut(_ step: StepRequest, on node: AgentSide) -> Result<AgentResult, AgentFailure> {
        node.agent(step)
    }
    package func announces(_ node: String) -> Bool { true }
    package func forgets(_ node: String) -> Bool { true }
    package func kernels(
        read: [String: Recovery.Kernel], recorded: [String: Recovery.Kernel]
    ) -> [String: Recovery.Kernel] { read }
}

/// A node as its agent sees it when a step arrives.
package struct AgentSide {
    /// What the kernel holds.
    package var ownership: Ownership
    /// The marks beside it.
    package var operations: [Int: String]
    /// The kernel.
    package var driver: SimulatedDriver
    /// What the agent makes of a step.
    package var agent: (StepRequest) -> Result<AgentResult, AgentFailure>
}
