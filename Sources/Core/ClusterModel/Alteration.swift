/// A way in which a node's tables differ from those that clusterip installs, as the driver found it.
///
/// Names of sets, chains and rules are texts of the node; they are made safe when they arrive from its agent.
public enum Alteration: Hashable, Sendable {
    /// The two tables of a cluster address, named as nftables names their families.
    public enum Table: String, CaseIterable, Sendable, Codable {
        /// The table that decides about packets.
        case ip
        /// The table that writes the cluster MAC into ARP packets.
        case arp
    }

    /// A chain of one of the two tables.
    public struct Chain: Hashable, Sendable {
        /// Its table.
        public var table: Table
        /// Its name.
        public var name: String

        /// A chain from its parts.
        public init(_ table: Table, _ name: String) {
            self.table = table
            self.name = name
        }
    }

    /// The first step in which a rule differs from what was installed; a step that is not there is nil.
    public struct Difference: Hashable, Sendable {
        /// The step that belongs there.
        public var expected: String?
        /// The step that is there.
        public var found: String?

        /// A difference from its parts.
        public init(expected: String?, found: String?) {
            self.expected = expected
            self.found = found
        }
    }

    /// The table is gone.
    case tableMissing(Table)
    /// The table is there and decides nothing.
    case tableDormant(Table)
    /// The set is gone.
    case setMissing(String)
    /// The set is there and does not hold bucket numbers.
    case setRetyped(String)
    /// Another program added the set.
    case setForeign(String)
    /// A counting set lacks these buckets, so that their packets are lost.
    case bucketsMissing(set: String, BucketSet)
    /// An ownership set holds a number that is no bucket.
    case elementForeign(set: String, Int, bucketCount: Int)
    /// Buckets are adopted without being owned.
    case adoptedUnowned(BucketSet)
    /// Buckets are owned and draining at once.
    case ownedDraining(BucketSet)
    /// The chain is gone.
    case chainMissing(Chain)
    /// The chain is not at its hook and priority.
    case chainMoved(Chain)
    /// The chain drops what no rule decides about.
    case chainDrops(Chain)
    /// Another program added the chain.
    case chainForeign(Chain)
    /// The rule is gone.
    case ruleMissing(Chain, rule: String)
    /// The rule is there with other steps.
    case ruleAltered(Chain, rule: String, Difference)
    /// Another program added the rule.
    case ruleForeign(Chain, rule: String)
    /// All rules of the chain are there, in another order.
    case rulesReordered(Chain)
    /// Something is wrong with rules that another program wrote.
    case rule(RuleDefect)
    /// An alteration that only another version of the agent knows.
    case unknown(code: String)

    /// Whether it is about rules that another program wrote.
    public var isDefect: Bool {
        if case .rule = self { return true }
        return false
    }

    /// The table it is about; nil when that is not known.
    public var table: Table? {
        switch self {
        case .tableMissing(let table), .tableDormant(let table): table
        case .setMissing, .setRetyped, .setForeign, .bucketsMissing, .elementForeign, .adoptedUnowned, .ownedDraining:
            .ip
        case .chainMissing(let chain), .chainMoved(let chain), .chainDrops(let chain), .chainForeign(let chain),
            .ruleMissing(let chain, _), .ruleAltered(let chain, _, _), .ruleForeign(let chain, _),
            .rulesReordered(let chain):
            chain.table
        case .rule, .unknown: nil
        }
    }
}

// MARK: On the wire

extension Alteration: Codable {
    private enum Code: String {
        case tableMissing = "table_missing"
        case tableDormant = "table_dormant"
        case setMissing = "set_missing"
        case setRetyped = "set_retyped"
        case setForeign = "set_foreign"
        case bucketsMissing = "buckets_missing"
        case elementForeign = "element_foreign"
        case adoptedUnowned = "adopted_unowned"
        case ownedDraining = "owned_draining"
        case chainMissing = "chain_missing"
        case chainMoved = "chain_moved"
        case chainDrops = "chain_drops"
        case chainForeign = "chain_foreign"
        case ruleMissing = "rule_missing"
        case ruleAltered = "rule_altered"
        case ruleForeign = "rule_foreign"
        case rulesReordered = "rules_reordered"
    }

    /// One alteration as it travels: its code, and of the rest what belongs to it.
    private struct Fields: Codable {
        var code: String
        var table: String?
        var chain: String?
        var rule: String?
        var set: String?
        var buckets: BucketSet?
        var element: Int?
        var bucketCount: Int?
        var expected: String?
        var found: String?

        enum CodingKeys: String, CodingKey {
            case code, table, chain, rule, set, buckets, element, expected, found
            case bucketCount = "bucket_count"
        }

        init(code: String) { self.code = code }

        init(_ code: Code, _ table: Table) {
            self.code = code.rawValue
            self.table = table.rawValue
        }

        init(_ code: Code, _ place: Chain, rule: String? = nil) {
            self.init(code, place.table)
            chain = place.name
            self.rule = rule
        }

        init(_ code: Code, set: String?, _ buckets: BucketSet? = nil) {
            self.init(code: code.rawValue)
            self.set = set
            self.buckets = buckets
        }
    }

    /// Decodes an object such as `{"code":"rule_missing","table":"ip","chain":"in","rule":"drop"}`, its texts made safe.
    ///
    /// An object whose code is not known, or that lacks something, becomes `unknown` with its code.
    public init(from decoder: any Decoder) throws {
        if let defect = try? RuleDefect(from: decoder) {
            self = .rule(defect)
            return
        }
        let fields = try Fields(from: decoder)
        self = Self.known(fields) ?? .unknown(code: fields.code.madeSafe(limit: 64))
    }

    private static func known(_ fields: Fields) -> Alteration? {
        guard let code = Code(rawValue: fields.code) else { return nil }
        let table = fields.table.flatMap(Table.init(rawValue:))
        let set = fields.set?.madeSafe(limit: 64)
        switch code {
        case .tableMissing: return table.map { .tableMissing($0) }
        case .tableDormant: return table.map { .tableDormant($0) }
        case .setMissing: return set.map { .setMissing($0) }
        case .setRetyped: return set.map { .setRetyped($0) }
        case .setForeign: return set.map { .setForeign($0) }
        case .bucketsMissing:
            guard let set, let buckets = fields.buckets else { return nil }
            return .bucketsMissing(set: set, buckets)
        case .elementForeign:
            guard let set, let element = fields.element, let count = fields.bucketCount else { return nil }
            return .elementForeign(set: set, element, bucketCount: count)
        case .adoptedUnowned: return fields.buckets.map { .adoptedUnowned($0) }
        case .ownedDraining: return fields.buckets.map { .ownedDraining($0) }
        default:
            guard let table, let chain = fields.chain?.madeSafe(limit: 64) else { return nil }
            return known(code, Chain(table, chain), fields)
        }
    }

    private static func known(_ code: Code, _ chain: Chain, _ fields: Fields) -> Alteration? {
        let rule = fields.rule?.madeSafe(limit: 200)
        switch code {
        case .chainMissing: return .chainMissing(chain)
        case .chainMoved: return .chainMoved(chain)
        case .chainDrops: return .chainDrops(chain)
        case .chainForeign: return .chainForeign(chain)
        case .rulesReordered: return .rulesReordered(chain)
        case .ruleMissing: return rule.map { .ruleMissing(chain, rule: $0) }
        case .ruleForeign: return rule.map { .ruleForeign(chain, rule: $0) }
        case .ruleAltered:
            return rule.map {
                .ruleAltered(
                    chain, rule: $0,
                    Difference(
                        expected: fields.expected?.madeSafe(limit: 100), found: fields.found?.madeSafe(limit: 100)))
            }
        default: return nil
        }
    }

    /// Encodes the same object.
    public func encode(to encoder: any Encoder) throws {
        if case .rule(let defect) = self { return try defect.encode(to: encoder) }
        try fields.encode(to: encoder)
    }

    private var fields: Fields {
        switch self {
        case .tableMissing(let table): return Fields(.tableMissing, table)
        case .tableDormant(let table): return Fields(.tableDormant, table)
        case .setMissing(let set): return Fields(.setMissing, set: set)
        case .setRetyped(let set): return Fields(.setRetyped, set: set)
        case .setForeign(let set): return Fields(.setForeign, set: set)
        case .bucketsMissing(let set, let buckets): return Fields(.bucketsMissing, set: set, buckets)
        case .elementForeign(let set, let element, let count):
            var fields = Fields(.elementForeign, set: set)
            (fields.element, fields.bucketCount) = (element, count)
            return fields
        case .adoptedUnowned(let buckets): return Fields(.adoptedUnowned, set: nil, buckets)
        case .ownedDraining(let buckets): return Fields(.ownedDraining, set: nil, buckets)
        case .chainMissing(let chain): return Fields(.chainMissing, chain)
        case .chainMoved(let chain): return Fields(.chainMoved, chain)
        case .chainDrops(let chain): return Fields(.chainDrops, chain)
        case .chainForeign(let chain): return Fields(.chainForeign, chain)
        case .ruleMissing(let chain, let rule): return Fields(.ruleMissing, chain, rule: rule)
        case .ruleAltered(let chain, let rule, let difference):
            var fields = Fields(.ruleAltered, chain, rule: rule)
            (fields.expected, fields.found) = (difference.expected, difference.found)
            return fields
        case .ruleForeign(let chain, let rule): return Fields(.ruleForeign, chain, rule: rule)
        case .rulesReordered(let chain): return Fields(.rulesReordered, chain)
        case .rule(let defect): return Fields(code: defect.code)
        case .unknown(let code): return Fields(code: code)
        }
    }
}
