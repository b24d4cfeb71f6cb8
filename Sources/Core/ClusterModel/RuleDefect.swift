/// Something that is wrong with rules that another program wrote for a cluster address.
///
/// The monitors of those programs look for none of it.
public enum RuleDefect: Hashable, Sendable {
    /// No rule drops these buckets, which no rule asks for either: the node answers them.
    case dropMissing(BucketSet)
    /// Rules ask for these buckets, and their packets never get there, or are dropped before.
    case unreached(BucketSet)
    /// Two rules or more ask for each of these buckets.
    case duplicated(BucketSet)
    /// Rules count with another number of buckets than most.
    case otherTotal(Int, most: Int)
    /// Rules hash with another seed than most.
    case otherSeed(UInt32, most: UInt32)
    /// Rules wait for the interface of this number, which is gone; one made anew has another.
    case interfaceGone(index: Int)
    /// TCP and UDP packets of these buckets meet with different fates.
    case protocolsDiffer(BucketSet)
    /// Only the first 32 bits of IPv6 sources are hashed.
    case firstWordOnly
    /// `iptables-save` prints the rules of these buckets in a form that `iptables-restore` refuses.
    case unsavable(BucketSet)
    /// The seed is not the one that the address, its prefix length and its broadcast address give on this node.
    case seedNotDerived(UInt32, derived: UInt32)

    /// The stable name.
    public var code: String {
        switch self {
        case .dropMissing: "drop_missing"
        case .unreached: "rules_unreached"
        case .duplicated: "rules_duplicated"
        case .otherTotal: "rules_other_total"
        case .otherSeed: "rules_other_seed"
        case .interfaceGone: "rules_interface_gone"
        case .protocolsDiffer: "rules_protocols_differ"
        case .firstWordOnly: "ipv6_first_word_only"
        case .unsavable: "rules_unsavable"
        case .seedNotDerived: "seed_not_derived"
        }
    }

    /// The buckets it is about.
    public var buckets: BucketSet {
        switch self {
        case .dropMissing(let buckets), .unreached(let buckets), .duplicated(let buckets), .unsavable(let buckets),
            .protocolsDiffer(let buckets):
            buckets
        case .otherTotal, .otherSeed, .interfaceGone, .firstWordOnly, .seedNotDerived: []
        }
    }

    /// How bad it is for clients.
    public var severity: Finding.Severity {
        switch self {
        case .dropMissing, .unreached, .otherTotal, .otherSeed, .interfaceGone: .critical
        case .protocolsDiffer, .firstWordOnly, .seedNotDerived: .warning
        case .duplicated, .unsavable: .notice
        }
    }
}

extension RuleDefect: Codable {
    private enum Key: String, CodingKey { case code, buckets, found, expected }

    /// Decodes an object such as `{"code":"drop_missing","buckets":["2-4"]}`; throws for a code that is not known.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        func buckets() throws -> BucketSet { try container.decode(BucketSet.self, forKey: .buckets) }
        func found<Number: Decodable>() throws -> Number { try container.decode(Number.self, forKey: .found) }
        func expected<Number: Decodable>() throws -> Number { try container.decode(Number.self, forKey: .expected) }
        switch try container.decode(String.self, forKey: .code) {
        case "drop_missing": self = .dropMissing(try buckets())
        case "rules_unreached": self = .unreached(try buckets())
        case "rules_duplicated": self = .duplicated(try buckets())
        case "rules_other_total": self = .otherTotal(try found(), most: try expected())
        case "rules_other_seed": self = .otherSeed(try found(), most: try expected())
        case "rules_interface_gone": self = .interfaceGone(index: try found())
        case "rules_protocols_differ": self = .protocolsDiffer(try buckets())
        case "ipv6_first_word_only": self = .firstWordOnly
        case "rules_unsavable": self = .unsavable(try buckets())
        case "seed_not_derived": self = .seedNotDerived(try found(), derived: try expected())
        case let code:
            throw DecodingError.dataCorruptedError(
                forKey: .code, in: container, debugDescription: "no defect of rules is called \(code)")
        }
    }

    /// Encodes the same object.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(code, forKey: .code)
        switch self {
        case .dropMissing, .unreached, .duplicated, .unsavable, .protocolsDiffer:
            try container.encode(buckets, forKey: .buckets)
        case .otherTotal(let found, let most):
            try container.encode(found, forKey: .found)
            try container.encode(most, forKey: .expected)
        case .otherSeed(let found, let expected), .seedNotDerived(let found, let expected):
            try container.encode(found, forKey: .found)
            try container.encode(expected, forKey: .expected)
        case .interfaceGone(let index): try container.encode(index, forKey: .found)
        case .firstWordOnly: break
        }
    }
}
