/// A commit of a node's ruleset, by anybody, as the kernel tells of it.
public struct RulesetChange: Hashable, Sendable, Codable {
    /// The generation that the commit made.
    public var generation: UInt32
    /// The process that committed, in the PID namespace of the machine; 0 when the kernel did not say.
    public var pid: UInt32
    /// The process's name.
    public var process: String

    /// A change from its parts.
    public init(generation: UInt32, pid: UInt32, process: String) {
        self.generation = generation
        self.pid = pid
        self.process = process
    }

    /// Whether an agent of this program made it.
    public var isByAgent: Bool { process == "clusterip-agent" }

    /// "nft (process 4711)".
    public var author: String { process.isEmpty ? "an unnamed process" : "\(process) (process \(pid))" }
}
