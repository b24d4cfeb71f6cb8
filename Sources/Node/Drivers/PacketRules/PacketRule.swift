import ClusterModel
import Responsibility

/// A rule of a packet filter that another program wrote, as far as it matters for a cluster address.
package struct PacketRule: Hashable, Sendable {
    /// What a packet must be for the rule to match, in order.
    package var conditions: [RuleCondition]
    /// What becomes of a packet that matches.
    package var action: RuleAction
    /// What it matched so far; nil where the rule does not count.
    package var count: PacketCount?
    /// Its comment.
    package var comment: String?
    /// By what the kernel finds it again: a handle of nf_tables, or the place of the entry in a table of x_tables.
    package var handle: UInt64
    /// What its target CLUSTERIP says; nil for any other target.
    package var target: ClusterTarget?

    /// A rule from its parts.
    package init(
        _ conditions: [RuleCondition], _ action: RuleAction, count: PacketCount? = nil, comment: String? = nil,
        handle: UInt64 = 0
    ) {
        self.conditions = conditions
        self.action = action
        self.count = count
        self.comment = comment
        self.handle = handle
    }

    /// The first of its conditions that asks for a bucket.
    package var bucketTest: BucketTest? {
        for case .bucket(let test) in conditions { return test }
        return nil
    }
}

/// Something that a packet must be.
package enum RuleCondition: Hashable, Sendable {
    /// It goes to an address of this network.
    case destination(AddressRange, isNegated: Bool)
    /// It came in by an interface whose name is this, or begins so.
    case interface(String, isPrefix: Bool, isNegated: Bool)
    /// It came in by the interface of this number, which a new interface of the same name does not have.
    case interfaceIndex(Int, isNegated: Bool)
    /// It is of a bucket.
    case bucket(BucketTest)
    /// The bits of its mark are these.
    case mark(UInt32, mask: UInt32, isNegated: Bool)
    /// It is of this transport protocol.
    case transport(UInt8, isNegated: Bool)
    /// Something that does not tell one bucket from another, such as a port or a state.
    case other
}

/// What becomes of a packet that a rule matches.
package enum RuleAction: Hashable, Sendable {
    /// The chain lets it in.
    case accept
    /// It is thrown away.
    case drop
    /// It goes back to the chain it came from.
    case leave
    /// It goes through another chain, and then on, unless that decides.
    case jump(String)
    /// It goes through another chain, and not on.
    case goto(String)
    /// The bits of its mark become these, and it goes on.
    case setMark(UInt32, mask: UInt32)
    /// It goes on.
    case pass
}

/// A question for a packet's bucket.
package struct BucketTest: Hashable, Sendable {
    /// How packets are placed.
    package var scheme: HashScheme
    /// The buckets that are asked for.
    package var buckets: BucketSet
    /// Whether all others match instead.
    package var isInverted: Bool

    /// A question from its parts.
    package init(_ scheme: HashScheme, _ buckets: BucketSet, isInverted: Bool = false) {
        self.scheme = scheme
        self.buckets = buckets
        self.isInverted = isInverted
    }

    /// Whether only packets that connection tracking has seen can match.
    package var needsTracking: Bool {
        if case .clusterMatch = scheme { return true }
        return false
    }

    /// The buckets whose packets match.
    package var matching: BucketSet {
        isInverted ? BucketSet(1...max(Int(scheme.bucketCount), 1)).subtracting(buckets) : buckets
    }
}

/// A network: an address and how many bits of it count.
package struct AddressRange: Hashable, Sendable {
    /// The address.
    package var address: IPAddress
    /// The bits that count.
    package var prefixLength: Int

    /// A network; by default of one address.
    package init(_ address: IPAddress, prefixLength: Int? = nil) {
        self.address = address
        self.prefixLength = prefixLength ?? address.family.bitCount
    }

    /// Whether it is one address alone.
    package var isSingle: Bool { prefixLength == address.family.bitCount }

    /// Whether an address is in the network.
    package func contains(_ other: IPAddress) -> Bool {
        guard address.family == other.family else { return false }
        return zip(address.bytes, other.bytes).enumerated().allSatisfy { place, pair in
            let bits = min(max(prefixLength - 8 * place, 0), 8)
            return (pair.0 ^ pair.1) >> UInt8(8 - bits) == 0 || bits == 0
        }
    }
}

extension IPAddress {
    /// The address in wire order: 4 or 16 bytes.
    package var bytes: [UInt8] {
        switch self {
        case .v4(let address): (0..<4).map { UInt8(truncatingIfNeeded: address.number >> (24 - 8 * $0)) }
        case .v6(let address): address.bytes
        }
    }

    /// The address with these bytes in wire order; nil unless there are 4 or 16.
    package init?(bytes: some Collection<UInt8>) {
        func number(_ bytes: some Collection<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        switch bytes.count {
        case 4: self = .v4(IPv4Address(number: UInt32(truncatingIfNeeded: number(bytes))))
        case 16: self = .v6(IPv6Address(high: number(bytes.prefix(8)), low: number(bytes.dropFirst(8))))
        default: return nil
        }
    }
}
