/// What a driver can count for each bucket.
public enum Counter: String, CaseIterable, Sendable, Codable {
    /// What reached the node.
    case arrived
    /// What the node let in.
    case accepted
    /// What the host sent back.
    case replied
}

/// The counters of one bucket on one node; one that the driver does not have is absent, which is not zero.
public struct BucketCounters: Hashable, Sendable {
    /// What reached the node.
    public var arrived: PacketCount?
    /// What the node accepted.
    public var accepted: PacketCount?
    /// What the host sent back.
    public var replied: PacketCount?

    /// Counters from their parts.
    public init(arrived: PacketCount? = nil, accepted: PacketCount? = nil, replied: PacketCount? = nil) {
        self.arrived = arrived
        self.accepted = accepted
        self.replied = replied
    }

    /// Zero for what is counted, and nothing for the rest.
    public init(zero counted: Set<Counter>) {
        self.init()
        for counter in counted { self[counter] = PacketCount() }
    }

    /// One of the counters.
    public subscript(counter: Counter) -> PacketCount? {
        get {
            switch counter {
            case .arrived: arrived
            case .accepted: accepted
            case .replied: replied
            }
        }
        set {
            switch counter {
            case .arrived: arrived = newValue
            case .accepted: accepted = newValue
            case .replied: replied = newValue
            }
        }
    }
}

/// How fast the counters of one bucket run on one node; nothing is known of one that the driver does not have.
public struct BucketRates: Hashable, Sendable {
    /// What reaches the node.
    public var arrived: Rate?
    /// What the node accepts.
    public var accepted: Rate?
    /// What the host sends back.
    public var replied: Rate?

    /// Rates from their parts.
    public init(arrived: Rate? = nil, accepted: Rate? = nil, replied: Rate? = nil) {
        self.arrived = arrived
        self.accepted = accepted
        self.replied = replied
    }

    /// One of the rates.
    public subscript(counter: Counter) -> Rate? {
        switch counter {
        case .arrived: arrived
        case .accepted: accepted
        case .replied: replied
        }
    }

    /// Sums of what is known on either side.
    public static func + (left: Self, right: Self) -> Self {
        Self(
            arrived: left.arrived + right.arrived, accepted: left.accepted + right.accepted,
            replied: left.replied + right.replied)
    }
}

extension Sequence where Element == BucketCounters {
    /// The packets of one counter over all buckets; nil when no bucket has it.
    public func packets(_ counter: Counter) -> UInt64? {
        reduce(nil) { sum, next in
            guard let count = next[counter] else { return sum }
            return (sum ?? 0).addingSaturated(count.packets)
        }
    }

    /// The bytes of one counter over all buckets; nil when no bucket has it.
    public func bytes(_ counter: Counter) -> UInt64? {
        reduce(nil) { sum, next in
            guard let count = next[counter] else { return sum }
            return (sum ?? 0).addingSaturated(count.bytes)
        }
    }
}

/// A counter as nftables keeps it.
public struct PacketCount: Hashable, Sendable, Codable {
    /// Packets counted since the table was made.
    public var packets: UInt64
    /// Their bytes, IP headers included, link headers not.
    public var bytes: UInt64

    /// A count of packets and bytes.
    public init(packets: UInt64 = 0, bytes: UInt64 = 0) {
        self.packets = packets
        self.bytes = bytes
    }

    /// The sum of two counts, the largest number there is when it would be larger.
    public static func + (left: Self, right: Self) -> Self {
        Self(
            packets: left.packets.addingSaturated(right.packets), bytes: left.bytes.addingSaturated(right.bytes))
    }
}
