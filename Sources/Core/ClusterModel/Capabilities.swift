import Responsibility

/// A mechanism that enforces ownership on a node, and what it can do there.
public struct DriverDescription: Hashable, Sendable {
    /// Its name, such as "nftables".
    public var name: String
    /// What it can do.
    public var capabilities: Capabilities

    /// A description from its parts.
    public init(_ name: String, _ capabilities: Capabilities) {
        self.name = name
        self.capabilities = capabilities
    }
}

/// What a driver can do; plans and screens ask it, instead of the driver's name.
public struct Capabilities: Hashable, Sendable {
    /// Something that one driver can do and another cannot.
    public enum Ability: String, CaseIterable, Sendable, Codable {
        /// Make a node a member, and end its membership.
        case membership
        /// Change which buckets the node owns.
        case moving
        /// Keep the connections of a bucket whose new flows go elsewhere.
        case draining
        /// Leave alone the packets of connections that another node keeps.
        case ignoring
        /// Reset the connections of a bucket that the node never saw.
        case adopting
        /// Let a table of our own take the place of the node's rules.
        case migrating
        /// Keep the operation's mark beside each bucket, in the kernel.
        case marks
        /// Change all buckets of a step at once, or none.
        case atomicSteps = "atomic_steps"

        /// The end of the name of the risk that a plan takes without it: "drain" of cannot-drain.
        public var riskName: String {
            switch self {
            case .draining: "drain"
            case .ignoring: "ignore"
            case .adopting: "adopt"
            case .marks: "confirm"
            case .membership, .moving, .migrating, .atomicSteps: rawValue
            }
        }
    }

    /// What it counts for every bucket.
    public var counters: Set<Counter>
    /// What else it can do.
    public var abilities: Set<Ability>
    /// The most buckets that a cluster address can have.
    public var mostBuckets: Int
    /// The families of cluster addresses.
    public var families: Set<IPAddress.Family>

    /// Capabilities from their parts.
    public init(
        counters: Set<Counter>, abilities: Set<Ability>, mostBuckets: Int = BucketSet.maximumBucket,
        families: Set<IPAddress.Family> = [.v4]
    ) {
        self.counters = counters
        self.abilities = abilities
        self.mostBuckets = min(max(mostBuckets, 1), BucketSet.maximumBucket)
        self.families = families
    }

    /// Everything that a table of our own can do.
    public static let full = Capabilities(counters: [.arrived, .accepted], abilities: Set(Ability.allCases))

    /// Whether the driver can do something.
    public func can(_ ability: Ability) -> Bool { abilities.contains(ability) }

    /// What the driver cannot do, and what it does not count, in a fixed order; replies are counted by few and not missed.
    public var lacks: [Lack] {
        Ability.allCases.filter { !can($0) }.map(Lack.ability)
            + [Counter.arrived, .accepted].filter { !counters.contains($0) }.map(Lack.counter)
    }

    /// Why the driver cannot enforce a cluster's settings; nil when nothing that it says of itself forbids it.
    public func obstacle(to configuration: ClusterConfiguration) -> Lack? {
        if !can(.membership) { return .ability(.membership) }
        if !families.contains(configuration.address.family) { return .family(configuration.address.family) }
        return configuration.bucketCount > mostBuckets ? .buckets(configuration.bucketCount, most: mostBuckets) : nil
    }

    /// Something that a driver cannot do.
    public enum Lack: Hashable, Sendable {
        /// It cannot do this.
        case ability(Ability)
        /// It does not count this.
        case counter(Counter)
        /// It has no addresses of this family.
        case family(IPAddress.Family)
        /// It cannot have so many buckets.
        case buckets(Int, most: Int)
    }
}

extension NodeStatus {
    /// Why the driver of this name, or the agent's first for nil, cannot make the node a member with these settings; nil when
    /// nothing forbids it, or the agent has not said what it has.
    public func obstacle(driver name: String?, to configuration: ClusterConfiguration) -> DriverObstacle? {
        if isReadOnly { return .readOnly }
        guard let first = drivers.first else { return nil }
        if name == nil, !drivers.contains(where: { $0.capabilities.can(.membership) }) { return .noTables }
        guard let driver = name.map({ name in drivers.first { $0.name == name } }) ?? first else {
            return .noDriver(name ?? "", there: drivers.map(\.name))
        }
        return driver.capabilities.obstacle(to: configuration).map { .lacks(driver: driver.name, $0) }
    }
}

/// Why a node cannot become a member by a driver.
public enum DriverObstacle: Hashable, Sendable {
    /// Its agent changes nothing.
    case readOnly
    /// None of its drivers makes a node a member: its kernel has no tables of nftables for IPv4.
    case noTables
    /// It has no driver of that name.
    case noDriver(String, there: [String])
    /// The driver cannot enforce such settings.
    case lacks(driver: String, Capabilities.Lack)
}

/// A driver that could not say anything of its cluster addresses: they are unknown, and those of other drivers are not.
public struct DriverFailure: Hashable, Sendable, Codable {
    /// The driver's name.
    public var driver: String
    /// The kind of failure.
    public var code: FailureCode
    /// One sentence for people.
    public var message: String

    /// A failure from its parts.
    public init(driver: String, code: FailureCode, message: String) {
        self.driver = driver
        self.code = code
        self.message = message
    }
}

extension Capabilities: Codable {
    private enum Key: String, CodingKey {
        case counters, abilities, families
        case mostBuckets = "most_buckets"
    }

    /// Decodes the object; what only a later version knows is left out, since nothing here asks for it.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        func words<Value: RawRepresentable<String>>(_ key: Key) throws -> [Value] {
            try container.decode([String].self, forKey: key).compactMap(Value.init)
        }
        self.init(
            counters: Set(try words(.counters)), abilities: Set(try words(.abilities)),
            mostBuckets: try container.decode(Int.self, forKey: .mostBuckets), families: Set(try words(.families)))
    }

    /// Encodes the object, its lists in a fixed order.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(Counter.allCases.filter(counters.contains), forKey: .counters)
        try container.encode(Ability.allCases.filter(abilities.contains), forKey: .abilities)
        try container.encode(mostBuckets, forKey: .mostBuckets)
        try container.encode(IPAddress.Family.allCases.filter(families.contains), forKey: .families)
    }
}

extension DriverDescription: Codable {
    private enum Key: String, CodingKey { case name }

    /// Decodes the capabilities with the name beside them.
    public init(from decoder: any Decoder) throws {
        name = try decoder.container(keyedBy: Key.self).decode(String.self, forKey: .name)
        capabilities = try Capabilities(from: decoder)
    }

    /// Encodes the capabilities with the name beside them.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(name, forKey: .name)
        try capabilities.encode(to: encoder)
    }
}
