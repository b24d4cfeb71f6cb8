import ClusterModel
import Responsibility

/// A table of a packet filter, with its chains.
package struct RuleTable: Hashable, Sendable {
    /// Which part of the kernel holds it.
    package enum Filter: String, Hashable, Sendable {
        /// nf_tables, as nft and iptables-nft write it.
        case nftables
        /// x_tables, as iptables-legacy writes it.
        case legacy
    }

    /// Which part of the kernel holds it.
    package var filter: Filter
    /// The family of its packets.
    package var family: IPAddress.Family
    /// Its name, such as "mangle".
    package var name: String
    /// Its chains.
    package var chains: [RuleChain]

    /// A table from its parts.
    package init(_ filter: Filter, _ family: IPAddress.Family, _ name: String, chains: [RuleChain]) {
        self.filter = filter
        self.family = family
        self.name = name
        self.chains = chains
    }

    /// The chain of a name.
    package func chain(_ name: String) -> RuleChain? { chains.first { $0.name == name } }
}

/// A chain of rules.
package struct RuleChain: Hashable, Sendable {
    /// Where the kernel enters a chain.
    package struct Hook: Hashable, Sendable {
        /// On the way in before routing, or behind it.
        package enum Place: Int, Hashable, Sendable, Comparable {
            case prerouting, input

            /// Orders by when a packet comes there.
            package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
        }

        /// The place.
        package var place: Place
        /// Lower numbers come first.
        package var priority: Int

        /// A hook from its parts.
        package init(_ place: Place, priority: Int) {
            self.place = place
            self.priority = priority
        }
    }

    /// Its name, such as "PREROUTING".
    package var name: String
    /// Where the kernel enters it; nil where only other chains lead to it, or packets that go elsewhere.
    package var hook: Hook?
    /// Whether it drops what no rule decides about.
    package var isDropping: Bool
    /// Its rules, in order.
    package var rules: [PacketRule]

    /// A chain from its parts.
    package init(_ name: String, hook: Hook? = nil, isDropping: Bool = false, rules: [PacketRule] = []) {
        self.name = name
        self.hook = hook
        self.isDropping = isDropping
        self.rules = rules
    }
}

/// Where a rule is.
package struct RulePlace: Hashable, Sendable {
    /// Which part of the kernel holds it.
    package var filter: RuleTable.Filter
    /// The family of its table.
    package var family: IPAddress.Family
    /// Its table.
    package var table: String
    /// Its chain.
    package var chain: String
    /// Its handle.
    package var handle: UInt64

    /// A place from its parts.
    package init(_ table: RuleTable, _ chain: RuleChain, _ rule: PacketRule) {
        (filter, family) = (table.filter, table.family)
        (self.table, self.chain, handle) = (table.name, chain.name, rule.handle)
    }
}
