import ClusterModel
import Responsibility

/// What a console can ask of an agent; each case is a JSON-RPC method.
public indirect enum AgentCall: Hashable, Sendable {
    /// Who are you, and what can you do?
    case hello
    /// One whole sample, now.
    case snapshot
    /// Samples from now on, at this interval in milliseconds; 0 ends them.
    case watch(interval: Int)
    /// One step of a plan: a compare-and-set.
    case apply(StepRequest)
    /// The operation id beside each ownership element of an address.
    case operations(IPAddress)
    /// Live TCP connections per bucket: what a draining bucket keeps.
    case connections(IPAddress)
    /// Forget the tracked connections of these buckets.
    case dropConnections(IPAddress, BucketSet)
    /// Become a member of a cluster, owning these buckets; by the agent's first driver unless another is named.
    case install(ClusterConfiguration, owned: BucketSet, driver: String? = nil)
    /// Become a member that owns nothing, by the agent's first driver unless another is named; a member with these settings
    /// stays what it is. Its kernel lists these members from then on.
    case admit(ClusterConfiguration, driver: String? = nil, members: [String] = [])
    /// Make a member's rules anew with these settings; it owns nothing then, or keeps what it owns where flows keep their
    /// places.
    ///
    /// Nothing is done when the rules place flows neither by this other scheme nor as they are to; nil: however they do.
    case rebuild(ClusterConfiguration, from: HashScheme?, keeping: Bool)
    /// End the membership of a node that owns nothing and keeps no connection.
    case leave(IPAddress)
    /// End the membership, whatever the node owns.
    case uninstall(IPAddress)
    /// List these names as members of the address's cluster, and those no more.
    case enroll(IPAddress, adding: [String], removing: [String])
    /// Tell the neighbours the address's cluster MAC.
    case announce(IPAddress)
    /// Count the address's packets beside a mechanism that does not.
    case observe(IPAddress)
    /// Count them no more.
    case endObserving(IPAddress)
    /// A call that changes the node, with who wants it and why.
    case noted(AgentCall, OperationNote)

    /// The call without its note.
    public var plain: AgentCall {
        if case .noted(let call, _) = self { call } else { self }
    }

    /// The JSON-RPC method.
    public var method: String {
        switch self {
        case .hello: "hello"
        case .snapshot: "snapshot"
        case .watch: "watch"
        case .apply: "apply"
        case .operations: "operations"
        case .connections: "connections"
        case .dropConnections: "drop_connections"
        case .install: "install"
        case .admit: "admit"
        case .rebuild: "rebuild"
        case .enroll: "enroll"
        case .noted(let call, _): call.method
        case .announce: "announce"
        case .observe: "observe"
        case .endObserving: "uninstall_observer"
        case .leave: "leave"
        case .uninstall: "uninstall"
        }
    }

    /// Whether the call can change the node; a read-only agent refuses those.
    public var changesNode: Bool { Self.changes(node: method) }

    /// Whether it must not be carried out late.
    public var expires: Bool { if case .apply = plain { true } else { false } }

    /// The call, a step of it no longer to be carried out than to a moment of the node's clock in nanoseconds.
    public func expiring(at until: UInt64?) -> AgentCall {
        switch self {
        case .apply(var step):
            step.until = until
            return .apply(step)
        case .noted(let call, let note): return .noted(call.expiring(at: until), note)
        default: return self
        }
    }

    /// Whether its answer has something of every bucket.
    public var hasLongAnswer: Bool {
        switch self {
        case .operations, .connections, .apply: true
        default: false
        }
    }

    /// Whether a method can change the node; one that is not known counts as one that can.
    static func changes(node method: String) -> Bool {
        !["hello", "snapshot", "watch", "operations", "connections"].contains(method)
    }
}
