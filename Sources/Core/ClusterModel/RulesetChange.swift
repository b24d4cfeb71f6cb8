/// A commit of a node's ruleset, by anybody, as the kernel tells of it.
public struct RulesetChange: Hashable, Sendable, Codable {
    /// The generation that the commit made.
    public var generation: UInt32
    /// The process that committed, in the PID namespace of the machine; 0 when the kernel did not say.
    public var pid: UInt32
    /// The process's name.
    public var process: String
    /// Whoever logged in to start it, else the process's user; nil when it was gone before it could be asked.
    public var user: String?

    /// A change from its parts.
    public init(generation: UInt32, pid: UInt32, process: String, user: String? = nil) {
        self.generation = generation
        self.pid = pid
        self.process = process
        self.user = user
    }

    /// Whether an agent of this program made it.
    public var isByAgent: Bool { process == "clusterip-agent" }

    /// "nft (process 4711, user ops)"; "unknown user" of a process that had ended before it could be looked at.
    public var author: String {
        guard !process.isEmpty else { return "an unnamed process" }
        return "\(process) (process \(pid), \(user.map { "user \($0)" } ?? "unknown user"))"
    }
}
