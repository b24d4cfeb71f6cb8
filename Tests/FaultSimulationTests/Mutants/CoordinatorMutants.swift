import AgentProtocol
import ClusterModel
import Execution
import FaultSimulation
import Planning

/// Mistakes of coordinators: in what they carry out, and in how they send it.

final class ClaimFirst: Interception {
    func steps(of plan: Plan) -> [PlanStep] { plan.claimsNeeding { $0.role != .release } }
}

final class NoGuards: Interception {
    func steps(of plan: Plan) -> [PlanStep] {
        plan.steps.map { step in
            var step = step
            step.needs = step.needs.filter { $0.role != .guard || $0.node == step.node }
            return step
        }
    }
}

final class AnyMark: Interception {
    func calls(_ calls: any NodeCalls, recorder: any PlanRecorder) -> any NodeCalls {
        ChangedCalls(calls) { call, send, answer in
            guard case .apply(var step) = call else { return send(call, answer) }
            for index in step.changes.indices { step.changes[index].by = nil }
            send(.apply(step), answer)
        }
    }
}

final class ClaimUnconfirmed: Interception {
    func calls(_ calls: any NodeCalls, recorder: any PlanRecorder) -> any NodeCalls {
        var losses: [AgentCall: Int] = [:]
        return ChangedCalls(calls) { call, send, answer in
            send(call) { result in
                guard case .apply(let step) = call, !step.claims, case .failure = result else { return answer(result) }
                losses[call, default: 0] += 1
                answer(losses[call] == PlanExecution.attempts ? .success(.step(.applied)) : result)
            }
        }
    }
}

final class GiveBackUnknown: Interception {
    func calls(_ calls: any NodeCalls, recorder: any PlanRecorder) -> any NodeCalls {
        ChangedCalls(calls) { call, send, answer in
            guard case .apply(let step) = call, step.claims else { return send(call, answer) }
            calls.send(call, by: send, again: { $0 }) { result in
                if case .failure = result { answer(.success(.step(.refused([])))) } else { answer(result) }
            }
        }
    }
}

final class FreshOperation: Interception {
    func calls(_ calls: any NodeCalls, recorder: any PlanRecorder) -> any NodeCalls {
        ChangedCalls(calls) { call, send, answer in
            guard case .apply(let first) = call else { return send(call, answer) }
            func renamed(_ call: AgentCall) -> AgentCall {
                guard case .apply(var step) = call else { return call }
                step.operation += "x"
                recorder.intend([StepStatus(PlanStep(StepID(.claim, on: step.operation), .change(step)))])
                return .apply(step)
            }
            calls.send(.apply(first), by: send, again: renamed) { result in
                if case .success(.step(.refused)) = result {
                    answer(.success(.step(.refused([]))))
                } else {
                    answer(result)
                }
            }
        }
    }
}

final class RetryBlindly: Interception {
    func calls(_ calls: any NodeCalls, recorder: any PlanRecorder) -> any NodeCalls {
        ChangedCalls(calls) { call, send, answer in calls.send(call, by: send, again: { $0 }, answer) }
    }

    /// The agent does not know its own work again.
    func carryOut(_ step: StepRequest, on node: AgentSide) -> Result<AgentResult, AgentFailure> {
        for change in step.changes where change.from != change.to {
            let (state, mark) = (node.ownership.state(of: change.bucket), node.operations[change.bucket])
            guard state == change.to, mark == step.operation else { continue }
            return .success(
                .step(
                    .refused([.init(bucket: change.bucket, expected: change.from, found: state, writtenBy: mark)])))
        }
        return node.agent(step)
    }
}

extension Plan {
    /// The plan's steps, its claims with fewer needs.
    fileprivate func claimsNeeding(_ isNeeded: (StepID) -> Bool) -> [PlanStep] {
        steps.map { step in
            var step = step
            if step.role == .claim { step.needs = step.needs.filter(isNeeded) }
            return step
        }
    }
}

extension StepRequest {
    /// Whether the step makes its node answer buckets.
    fileprivate var claims: Bool { changes.contains { $0.to?.acceptsNewFlows == true } }
}

/// Calls of which a test makes something else.
private final class ChangedCalls: NodeCalls {
    typealias Answer = (Result<AgentResult, AgentFailure>) -> Void
    typealias Send = (AgentCall, @escaping Answer) -> Void

    private let calls: any NodeCalls
    private let change: (AgentCall, @escaping Send, @escaping Answer) -> Void

    init(_ calls: any NodeCalls, _ change: @escaping (AgentCall, @escaping Send, @escaping Answer) -> Void) {
        self.calls = calls
        self.change = change
    }

    var names: [String] { calls.names }
    var seconds: Double { calls.seconds }
    func hasHeard(_ node: String, since time: Double) -> Bool { calls.hasHeard(node, since: time) }
    func after(_ seconds: Double, handler: @escaping () -> Void) { calls.after(seconds, handler: handler) }

    func call(_ call: AgentCall, on node: String, timeout: Double, completion: @escaping Answer) {
        change(call, { [calls] in calls.call($0, on: node, timeout: timeout, completion: $1) }, completion)
    }
}

extension NodeCalls {
    /// Sends a call again when its answer is lost, changed or not, and tells nobody of it.
    fileprivate func send(
        _ call: AgentCall, by send: @escaping ChangedCalls.Send, again: @escaping (AgentCall) -> AgentCall,
        attempt: Int = 1, _ answer: @escaping ChangedCalls.Answer
    ) {
        send(call) { [weak self] result in
            guard let self, case .failure(let failure) = result, attempt > 1 || failure.leavesOutcomeUnknown,
                attempt < PlanExecution.attempts
            else { return answer(result) }
            after(0.1 * Double(1 << attempt)) { [weak self] in
                self?.send(again(call), by: send, again: again, attempt: attempt + 1, answer)
            }
        }
    }
}
