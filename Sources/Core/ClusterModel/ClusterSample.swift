/// What one node's kernel says of one cluster address at one moment.
public struct ClusterSample: Hashable, Sendable {
    /// The settings the kernel enforces.
    public var configuration: ClusterConfiguration
    /// The driver that enforces them, such as "nftables" or "simulated".
    public var driver: String
    /// What that driver can do.
    public var capabilities: Capabilities
    /// The buckets and their states.
    public var ownership: Ownership
    /// Counters of bucket i+1 at index i; N of them, or none when the driver counts nothing.
    public var counters: [BucketCounters]
    /// When these were counted, by the agent's monotonic clock in nanoseconds; nil: with the sample.
    public var countedAt: UInt64?
    /// Whether the node will hear and speak for the address.
    public var health: MulticastHealth
    /// What the driver found altered in its own tables; empty when all is as installed.
    public var alterations: [Alteration]
    /// Live connections the node keeps for the address; nil when not counted.
    public var connections: Int?
    /// What the kernel notes of members and operations.
    public var notes: ClusterNotes
    /// What is counted beside the buckets; nil when the driver does not count it.
    public var signs: ServiceSigns?
    /// What proves that the kernel places flows by these settings; nil where nothing does, and they are believed.
    public var proof: MarkProof?

    /// A sample from its parts.
    public init(
        configuration: ClusterConfiguration, driver: String, capabilities: Capabilities = .full, ownership: Ownership,
        counters: [BucketCounters], countedAt: UInt64? = nil, health: MulticastHealth, alterations: [Alteration] = [],
        connections: Int? = nil,
        notes: ClusterNotes = ClusterNotes(), signs: ServiceSigns? = nil,
        proof: MarkProof? = nil
    ) {
        self.configuration = configuration
        self.driver = driver
        self.capabilities = capabilities
        self.ownership = ownership
        self.counters = counters
        self.countedAt = countedAt
        self.health = health
        self.alterations = alterations
        self.connections = connections
        self.notes = notes
        self.signs = signs
        self.proof = proof
    }
}
