/// A commit of a node's ruleset, by anybody, as the kernel tells of it.
public struct RulesetChange: Hashable, Sendable {
    /// The generation that the commit made.
    public var generation: UInt32
    /// Who committed.
    public var program: ProgramIdentity

    /// A change from its parts.
    public init(generation: UInt32, by program: ProgramIdentity) {
        self.generation = generation
        self.program = program
    }
}

/// Who changed a node's ruleset: an agent of ours, or another program.
public enum ProgramIdentity: Hashable, Sendable {
    /// An agent of this program.
    case agent(pid: UInt32)
    /// Another program.
    case other(Process)

    /// A process as the node's kernel knows it.
    public struct Process: Hashable, Sendable {
        /// The process's name; empty when the kernel did not say.
        public var name: String
        /// The process, in the PID namespace of the machine; 0 when the kernel did not say.
        public var pid: UInt32
        /// Whoever logged in to start it, else the process's user; nil when it ended before it could be asked.
        public var user: String?

        /// A process from its parts.
        public init(name: String, pid: UInt32, user: String? = nil) {
            self.name = name
            self.pid = pid
            self.user = user
        }
    }

    /// The name of our agent's process, which is as long as the kernel keeps such names.
    private static let agentName = "clusterip-agent"

    /// The program behind a process's name, which is all that the kernel tells of it.
    public init(process name: String, pid: UInt32) {
        self = name == Self.agentName ? .agent(pid: pid) : .other(Process(name: name, pid: pid))
    }

    /// The process, when it is not one of ours.
    public var otherProcess: Process? {
        guard case .other(let process) = self else { return nil }
        return process
    }
}

extension RulesetChange: Codable {
    private enum Key: String, CodingKey {
        case generation, by, pid, process, user
    }

    private enum Kind: String, Codable {
        case agent, other
    }

    /// Decodes `{"generation":9,"by":"other","process":"nft","pid":4711,"user":"ops"}`, its texts made safe.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        generation = try container.decode(UInt32.self, forKey: .generation)
        let pid = try container.decode(UInt32.self, forKey: .pid)
        switch try container.decode(Kind.self, forKey: .by) {
        case .agent: program = .agent(pid: pid)
        case .other:
            program = .other(
                ProgramIdentity.Process(
                    name: try container.decode(String.self, forKey: .process).madeSafe(limit: 32), pid: pid,
                    user: try container.decodeIfPresent(String.self, forKey: .user)?.madeSafe(limit: 32)))
        }
    }

    /// Encodes the same object.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(generation, forKey: .generation)
        switch program {
        case .agent(let pid):
            try container.encode(Kind.agent, forKey: .by)
            try container.encode(pid, forKey: .pid)
        case .other(let process):
            try container.encode(Kind.other, forKey: .by)
            try container.encode(process.name, forKey: .process)
            try container.encode(process.pid, forKey: .pid)
            try container.encodeIfPresent(process.user, forKey: .user)
        }
    }
}
