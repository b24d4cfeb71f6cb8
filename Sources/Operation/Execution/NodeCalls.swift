import AgentProtocol
import ClusterModel
import NodeLinks
import Wording

/// Calls to a cluster's nodes, and the clock that goes with them; a fleet makes them.
///
/// What carries plans out knows nodes through it alone, so that a test can stand in between.
public protocol NodeCalls: AnyObject {
    /// The nodes' names, in order.
    var names: [String] { get }
    /// The time, in seconds of the calls' own clock.
    var seconds: Double { get }
    /// Whether a node has sent a sample since a time of that clock.
    func hasHeard(_ node: String, since time: Double) -> Bool
    /// Calls a handler once after a delay in seconds.
    func after(_ seconds: Double, handler: @escaping () -> Void)
    /// Calls a node's agent; the completion is called exactly once, within the timeout in seconds.
    func call(
        _ call: AgentCall, on node: String, timeout: Double,
        completion: @escaping (Result<AgentResult, AgentFailure>) -> Void)
}

extension Fleet: NodeCalls {
    /// Calls a node's agent by the node's name; a name that no node has is a call that was not sent.
    public func call(
        _ call: AgentCall, on node: String, timeout: Double,
        completion: @escaping (Result<AgentResult, AgentFailure>) -> Void
    ) {
        guard let index = names.firstIndex(of: node) else {
            return completion(.failure(AgentFailure(code: .unsent, message: UnansweredCall.noNode(node).sentence)))
        }
        self.call(call, node: index, timeout: timeout, completion: completion)
    }
}
