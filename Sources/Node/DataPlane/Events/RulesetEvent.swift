/// A commit of the ruleset, by anybody.
public struct RulesetEvent: Hashable, Sendable {
    /// The generation that the commit made.
    public var generation: UInt32
    /// The thread that committed, which is the process where there is only one, counted in the machine's own PID namespace;
    /// 0 when the kernel did not say.
    public var processID: UInt32
    /// The process's name as the kernel knows it; untrusted text.
    public var processName: String

    /// An event from its parts.
    public init(generation: UInt32, processID: UInt32, processName: String) {
        self.generation = generation
        self.processID = processID
        self.processName = processName
    }
}
