import ClusterModel

/// Something that a plan's operator should know before saying yes.
public enum Risk: Hashable, Sendable {
    /// The node cannot be reached, which is not the same as dead: if it still answers, two nodes answer.
    case notFenced(node: String, NodeState)
    /// A node forgets its connections in these buckets and the new owners reset them: at once, or those that are left after
    /// so many seconds.
    case connectionsReset(node: String, BucketSet, after: Double?)
    /// A node keeps its connections in these buckets and cannot serve them; a good health: its service sends no replies.
    case connectionsStranded(node: String, BucketSet, MulticastHealth)
    /// Connections that a dead node kept, or that a node has forgotten, are reset at their next packet.
    case unknownConnections
    /// These nodes cannot be asked, and may answer some of the buckets.
    case silentNodes([String])
    /// The new owner lacks what it needs to answer; a good health: its service sends no replies.
    case unhealthyTarget(node: String, MulticastHealth)
    /// One node would answer all of so many buckets.
    case oneNode(String, of: Int)
    /// The node's driver cannot do something for which the plan has a poorer way: it keeps no connections, resets none, or
    /// changes one bucket at a time.
    case driverCannot(node: String, driver: String, Capabilities.Ability)
    /// A risk that another version of this program has written down.
    case unknown(Recorded)

    /// A risk as another version wrote it.
    public struct Recorded: Hashable, Sendable, Codable {
        /// Its stable name.
        public var name: String
        /// Its sentence.
        public var text: String
        /// Whether it had to be forced.
        public var mustBeForced: Bool
        /// The node whose clients could be cut off.
        public var node: String?
        /// The nodes that could not be asked.
        public var silent: [String]?
    }

    /// A stable name, as `--force` takes it.
    public var name: String {
        switch self {
        case .notFenced: "not-fenced"
        case .connectionsReset: "connections-reset"
        case .connectionsStranded: "connections-stranded"
        case .unknownConnections: "unknown-connections"
        case .silentNodes: "silent-nodes"
        case .unhealthyTarget: "unhealthy-target"
        case .oneNode: "one-node"
        case .driverCannot(_, _, .atomicSteps): "not-atomic"
        case .driverCannot(_, _, let ability): "cannot-\(ability.riskName)"
        case .unknown(let risk): risk.name
        }
    }

    /// Whether the plan is refused unless the risk is forced by name.
    public var mustBeForced: Bool {
        switch self {
        case .notFenced, .connectionsReset, .silentNodes, .unhealthyTarget: true
        case .connectionsStranded, .unknownConnections, .oneNode: false
        case .driverCannot(_, _, let ability): ability == .draining || ability == .ignoring
        case .unknown(let risk): risk.mustBeForced
        }
    }

    /// The node whose clients can be cut off: its name is to be typed before the plan is carried out; nil: no name is.
    public var node: String? {
        switch self {
        case .notFenced(let node, _), .connectionsReset(let node, _, _): node
        case .connectionsStranded, .unknownConnections, .silentNodes, .unhealthyTarget, .oneNode, .driverCannot: nil
        case .unknown(let risk): risk.node
        }
    }

    /// Nodes that cannot be asked: who forces the risk vouches that they answer nothing.
    public var silent: [String] {
        switch self {
        case .notFenced(let node, _): [node]
        case .silentNodes(let nodes): nodes
        case .connectionsReset, .connectionsStranded, .unknownConnections, .unhealthyTarget, .oneNode,
            .driverCannot:
            []
        case .unknown(let risk): risk.silent ?? []
        }
    }
}

extension Risk: Codable {
    private enum Key: String, CodingKey {
        case name, node, state, buckets, seconds, health, nodes, count, driver, ability
    }

    /// Decodes a risk by its name; one that is not known, or that stands there as a sentence, is kept as it is.
    public init(from decoder: any Decoder) throws {
        if let recorded = try? Recorded(from: decoder) {
            self = .unknown(recorded)
            return
        }
        let container = try decoder.container(keyedBy: Key.self)
        func value<Value: Decodable>(_ key: Key) throws -> Value { try container.decode(Value.self, forKey: key) }
        switch try container.decode(String.self, forKey: .name) {
        case "not-fenced": self = .notFenced(node: try value(.node), try value(.state))
        case "connections-reset":
            self = .connectionsReset(
                node: try value(.node), try value(.buckets),
                after: try container.decodeIfPresent(Double.self, forKey: .seconds))
        case "connections-stranded":
            self = .connectionsStranded(node: try value(.node), try value(.buckets), try value(.health))
        case "unknown-connections": self = .unknownConnections
        case "silent-nodes": self = .silentNodes(try value(.nodes))
        case "unhealthy-target": self = .unhealthyTarget(node: try value(.node), try value(.health))
        case "one-node": self = .oneNode(try value(.node), of: try value(.count))
        case "cannot-drain", "cannot-ignore", "cannot-adopt", "cannot-confirm", "not-atomic":
            self = .driverCannot(node: try value(.node), driver: try value(.driver), try value(.ability))
        case let name: self = .unknown(Recorded(name: name, text: name, mustBeForced: true))
        }
    }

    /// Encodes the risk's name and its values, and no sentence.
    public func encode(to encoder: any Encoder) throws {
        if case .unknown(let recorded) = self { return try recorded.encode(to: encoder) }
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(name, forKey: .name)
        switch self {
        case .notFenced(let node, let state):
            try container.encode(node, forKey: .node)
            try container.encode(state, forKey: .state)
        case .connectionsReset(let node, let buckets, let seconds):
            try container.encode(node, forKey: .node)
            try container.encode(buckets, forKey: .buckets)
            try container.encodeIfPresent(seconds, forKey: .seconds)
        case .connectionsStranded(let node, let buckets, let health):
            try container.encode(node, forKey: .node)
            try container.encode(buckets, forKey: .buckets)
            try container.encode(health, forKey: .health)
        case .silentNodes(let nodes): try container.encode(nodes, forKey: .nodes)
        case .unhealthyTarget(let node, let health):
            try container.encode(node, forKey: .node)
            try container.encode(health, forKey: .health)
        case .oneNode(let node, let count):
            try container.encode(node, forKey: .node)
            try container.encode(count, forKey: .count)
        case .driverCannot(let node, let driver, let ability):
            try container.encode(node, forKey: .node)
            try container.encode(driver, forKey: .driver)
            try container.encode(ability, forKey: .ability)
        case .unknownConnections, .unknown: break
        }
    }
}
