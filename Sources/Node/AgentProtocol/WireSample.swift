import ClusterModel
import Responsibility

/// A sample as it travels: what did not change since the sample before it on the same stream is left out.
public struct WireSample: Hashable, Sendable, Codable {
    /// One cluster address of the sample.
    public struct Cluster: Hashable, Sendable, Codable {
        /// The cluster address.
        public var address: IPAddress
        /// Settings and driver, when they changed.
        public var configuration: ClusterConfiguration?
        /// The driver's name, when the settings are there.
        public var driver: String?
        /// What the driver can do, when the settings are there.
        public var capabilities: Capabilities?
        /// The buckets and their states, when they changed.
        public var ownership: Ownership?
        /// Numbers for every bucket whose counters changed: the bucket, and packets and bytes of each counter that the
        /// driver has, in the order arrived, accepted, replied; nil where the bucket lacks the counter.
        public var counters: [UInt64?]
        /// When these were counted, by the agent's clock, when that changed; left out when they are counted with each sample.
        public var countedAt: UInt64?
        /// The health, when it changed.
        public var health: MulticastHealth?
        /// Alterations of the rules, when they changed.
        public var alterations: [Alteration]?
        /// Live connections, when counted.
        public var connections: Int?
        /// What the kernel notes of members and operations, when that changed.
        public var notes: ClusterNotes?
        /// What is counted beside the buckets, when that changed.
        public var signs: ServiceSigns?
        /// What proves that the kernel places flows by these settings, when that changed.
        public var proof: MarkProof?

        /// A part from its fields.
        public init(
            address: IPAddress, configuration: ClusterConfiguration?, driver: String?,
            capabilities: Capabilities? = nil,
            ownership: Ownership?, counters: [UInt64?], countedAt: UInt64? = nil, health: MulticastHealth?,
            alterations: [Alteration]?,
            connections: Int?, notes: ClusterNotes? = nil, signs: ServiceSigns? = nil,
            proof: MarkProof? = nil
        ) {
            self.address = address
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

        enum CodingKeys: String, CodingKey {
            case address, configuration, driver, capabilities, ownership, counters, health, alterations, connections
            case notes, signs, proof
            case countedAt = "counted_at"
        }
    }

    /// The agent's monotonic clock in nanoseconds.
    public var time: UInt64
    /// The ruleset generation.
    public var generation: UInt32
    /// Whether nothing is left out; what was known before is to be forgotten.
    public var isWhole: Bool
    /// Every cluster address of the node.
    public var clusters: [Cluster]
    /// The commits of the ruleset since the sample before, oldest first, sixteen at most; left out when there were none.
    public var changes: [RulesetChange]?
    /// Addresses on the node's interfaces without a table, 64 at most, when they changed.
    public var bareAddresses: [IPAddress]?
    /// What the node says of itself, as far as that changed; its fields stand beside the others.
    public var facts: NodeFacts
    /// The drivers that could not be asked, 16 at most; left out when there were none.
    public var failures: [DriverFailure]?

    /// A wire sample from its fields.
    public init(
        time: UInt64, generation: UInt32, isWhole: Bool, clusters: [Cluster], changes: [RulesetChange]? = nil,
        bareAddresses: [IPAddress]? = nil, facts: NodeFacts = NodeFacts(), failures: [DriverFailure]? = nil
    ) {
        self.time = time
        self.generation = generation
        self.isWhole = isWhole
        self.clusters = clusters
        self.changes = changes
        self.bareAddresses = bareAddresses
        self.facts = facts
        self.failures = failures
    }

    enum CodingKeys: String, CodingKey {
        case time, generation, clusters, failures
        case isWhole = "whole"
        case changes = "changed_by"
        case bareAddresses = "bare_addresses"
    }
}

extension WireSample {
    /// Decodes a sample; keys that are not known are passed over.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            time: try container.decode(UInt64.self, forKey: .time),
            generation: try container.decode(UInt32.self, forKey: .generation),
            isWhole: try container.decode(Bool.self, forKey: .isWhole),
            clusters: try container.decode([Cluster].self, forKey: .clusters),
            changes: try container.decodeIfPresent([RulesetChange].self, forKey: .changes),
            bareAddresses: try container.decodeIfPresent([IPAddress].self, forKey: .bareAddresses),
            facts: try NodeFacts(from: decoder),
            failures: try container.decodeIfPresent([DriverFailure].self, forKey: .failures))
    }

    /// Encodes the sample; what did not change is left out.
    public func encode(to encoder: any Encoder) throws {
        try facts.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(time, forKey: .time)
        try container.encode(generation, forKey: .generation)
        try container.encode(isWhole, forKey: .isWhole)
        try container.encode(clusters, forKey: .clusters)
        try container.encodeIfPresent(changes, forKey: .changes)
        try container.encodeIfPresent(bareAddresses, forKey: .bareAddresses)
        try container.encodeIfPresent(failures, forKey: .failures)
    }
}
