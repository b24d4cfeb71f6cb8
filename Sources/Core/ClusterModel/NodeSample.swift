import Responsibility

/// Everything an agent says of its node at one moment.
public struct NodeSample: Hashable, Sendable {
    /// The agent's own monotonic clock, in nanoseconds; only differences mean anything.
    public var monotonicNanoseconds: UInt64
    /// The kernel's ruleset generation; it changes with every nftables commit by anybody.
    public var generation: UInt32
    /// One sample for every cluster address found, in ascending order of address.
    public var clusters: [ClusterSample]
    /// The commits since the sample before, oldest first, as far as they are known.
    public var changes: [RulesetChange]
    /// The addresses on the node's interfaces, the loopback's not among them, for which there is no table.
    public var bareAddresses: [IPAddress]
    /// What the node says of itself.
    public var facts: NodeFacts
    /// The drivers that could not be asked; of their cluster addresses nothing is known.
    public var failures: [DriverFailure]

    /// A sample from its parts.
    public init(
        monotonicNanoseconds: UInt64, generation: UInt32, clusters: [ClusterSample], changes: [RulesetChange] = [],
        bareAddresses: [IPAddress] = [], facts: NodeFacts = NodeFacts(), failures: [DriverFailure] = []
    ) {
        self.monotonicNanoseconds = monotonicNanoseconds
        self.generation = generation
        self.clusters = clusters
        self.changes = changes
        self.bareAddresses = bareAddresses
        self.facts = facts
        self.failures = failures
    }
}
