import ClusterModel
import LinuxNode
import Responsibility

/// A cluster address that rules of another program enforce, as it was found.
package struct FoundCluster: Hashable, Sendable {
    /// The address.
    package var address: IPAddress
    /// The interface that carries it, or for which the rules are.
    package var interface: String
    /// The length of its network prefix on that interface.
    package var prefixLength: Int
    /// Its broadcast address there.
    package var broadcast: IPAddress?
    /// How flows are placed.
    package var scheme: HashScheme
    /// The buckets that the rules ask for.
    package var named: BucketSet
    /// The buckets of which packets are let in.
    package var accepted: BucketSet
    /// The tables in which rules are about it.
    package var tables: Set<String>
    /// The rules that tell its buckets apart, in order.
    package var deciding: [RuleWalk.Deciding]
    /// What was accepted of bucket i+1 at index i, as far as rules count it; empty when none does.
    package var counters: [BucketCounters]
    /// What is wrong with the rules.
    package var defects: [RuleDefect]

    /// The buckets that the node answers, and is meant to.
    package var ownership: Ownership { Ownership(owned: named.intersection(accepted)) }

    /// The cluster addresses that these rules enforce, in ascending order.
    package static func all(in tables: [RuleTable], on node: InterfaceList) -> [FoundCluster] {
        let aims = tables.flatMap(Aim.all)
        guard aims.contains(where: { $0.test != nil }) else { return [] }
        return addresses(aims, node).sorted().compactMap { address in
            let own = aims.filter { $0.reaches(address) }
            guard own.contains(where: { $0.test != nil }) else { return nil }
            let found = FoundCluster(address, own, tables, node)
            // Rules that name no address and drop nothing share something else out, such as the ways to the Internet.
            let isMeant = own.contains { $0.destination != nil }
            return isMeant || found.accepted.count < Int(found.scheme.bucketCount) ? found : nil
        }
    }

    /// The addresses that the rules are about: those that they name, or all that the interface carries.
    private static func addresses(_ aims: [Aim], _ node: InterfaceList) -> Set<IPAddress> {
        var all: Set<IPAddress> = []
        for family in IPAddress.Family.allCases {
            let aims = aims.filter { $0.family == family }
            guard aims.contains(where: { $0.test != nil }) else { continue }
            let named = Set(aims.compactMap(\.destination).filter(\.isSingle).map(\.address))
            let carried = node.addresses.filter { carried in
                aims.contains {
                    $0.test != nil && $0.isFor(carried.interface) && $0.destination?.contains(carried.address) ?? true
                }
            }
            all.formUnion(named.isEmpty ? carried.map(\.address).filter { $0.family == family } : Array(named))
        }
        return all
    }

    private init(_ address: IPAddress, _ aims: [Aim], _ tables: [RuleTable], _ node: InterfaceList) {
        let carried = node.addresses.first { $0.address == address }
        let interface = aims.lazy.compactMap { $0.interfaceName(on: node) }.first ?? carried?.interface ?? "any"
        // A rule for whatever address only counts where none is for this one.
        let direct = aims.filter { $0.destination != nil && $0.test != nil }
        let tests = (direct.isEmpty ? aims : direct).compactMap(\.test)
        let scheme = Self.mostUsed(tests, family: address.family)
        func walk(_ transport: UInt8) -> RuleWalk {
            let index = node.index(of: interface)
            return RuleWalk(
                tables, subject: .init(address, interface: interface, index: index, transport: transport),
                scheme: scheme)
        }
        let datagrams = walk(17)
        (self.address, self.interface, self.scheme) = (address, interface, scheme)
        prefixLength = carried?.prefixLength ?? address.family.bitCount
        broadcast = carried?.broadcast
        self.tables = Set(aims.map(\.table))
        deciding = datagrams.deciding()
        named = Self.named(deciding, scheme)
        accepted = datagrams.accepted()
        counters = Self.counters(deciding, scheme)
        defects = []
        defects = Self.defects(
            of: self, tests: tests, segments: walk(6).accepted(), lost: aims.compactMap { $0.lostIndex(on: node) })
    }

    /// The scheme that most questions are about; the first of them when there is no majority.
    private static func mostUsed(_ tests: [BucketTest], family: IPAddress.Family) -> HashScheme {
        var best = tests[0].scheme
        var votes = 0
        for test in tests {
            let count = tests.count { $0.scheme.placesAlike(test.scheme, family: family) }
            if count > votes { (best, votes) = (test.scheme, count) }
        }
        return best
    }

    /// What the rules ask for: what one lets on, or else what none drops.
    private static func named(_ rules: [RuleWalk.Deciding], _ scheme: HashScheme) -> BucketSet {
        let letting = rules.filter { $0.rule.action != .drop }
        guard letting.isEmpty else { return letting.reduce(BucketSet()) { $0.union($1.test.matching) } }
        guard !rules.isEmpty else { return [] }
        return rules.reduce(BucketSet(1...Int(scheme.bucketCount))) { $0.subtracting($1.test.matching) }
    }

    /// What rules for one bucket alone have counted; a rule for many does not say of which.
    private static func counters(_ rules: [RuleWalk.Deciding], _ scheme: HashScheme) -> [BucketCounters] {
        var counters = [BucketCounters](repeating: BucketCounters(), count: Int(scheme.bucketCount))
        var isCounted = false
        for found in rules where found.rule.action != .drop && found.test.matching.count == 1 {
            guard let count = found.rule.count, let bucket = found.test.matching.last else { continue }
            counters[bucket - 1].accepted = (counters[bucket - 1].accepted ?? PacketCount()) + count
            isCounted = true
        }
        return isCounted ? counters : []
    }
}

/// What is wrong with the rules.
extension FoundCluster {
    private static func defects(
        of found: FoundCluster, tests: [BucketTest], segments: BucketSet, lost: [Int]
    ) -> [RuleDefect] {
        var defects: [RuleDefect] = Set(lost).sorted().map(RuleDefect.interfaceGone)
        let unnamed = found.accepted.subtracting(found.named)
        if !unnamed.isEmpty { defects.append(.dropMissing(unnamed)) }
        let unreached = found.named.subtracting(found.accepted)
        if !unreached.isEmpty { defects.append(.unreached(unreached)) }
        let differing = segments.union(found.accepted).subtracting(segments.intersection(found.accepted))
        if !differing.isEmpty { defects.append(.protocolsDiffer(differing)) }
        defects += mixtures(found, tests)
        let twice = duplicates(found.deciding)
        if !twice.isEmpty { defects.append(.duplicated(twice)) }
        if found.address.family == .v6, case .clusterMatch = found.scheme { defects.append(.firstWordOnly) }
        let unsavable = found.deciding.filter { !$0.test.survivesSaving }.reduce(BucketSet()) {
            $0.union($1.test.buckets)
        }
        if !unsavable.isEmpty { defects.append(.unsavable(unsavable)) }
        return defects
    }

    /// Questions about other numbers of buckets, or with another seed.
    private static func mixtures(_ found: FoundCluster, _ tests: [BucketTest]) -> [RuleDefect] {
        var defects: [RuleDefect] = []
        for test in tests where !test.scheme.placesAlike(found.scheme, family: found.address.family) {
            let (its, most) = (test.scheme, found.scheme)
            let defect: RuleDefect? =
                if its.bucketCount != most.bucketCount {
                    .otherTotal(Int(its.bucketCount), most: Int(most.bucketCount))
                } else if let seed = its.seed, let common = most.seed, seed != common {
                    .otherSeed(seed, most: common)
                } else { nil }
            if let defect, !defects.contains(defect) { defects.append(defect) }
        }
        return defects
    }

    /// Buckets for which two rules of the same chain ask, alike in all else.
    private static func duplicates(_ rules: [RuleWalk.Deciding]) -> BucketSet {
        struct Kind: Hashable {
            let table: String
            let chain: String
            let action: RuleAction
            let conditions: [RuleCondition]
        }
        var seen: [Kind: BucketSet] = [:]
        var twice = BucketSet()
        for found in rules {
            let kind = Kind(
                table: found.place.table, chain: found.place.chain, action: found.rule.action,
                conditions: found.rule.conditions.filter { if case .bucket = $0 { false } else { true } })
            twice = twice.union(seen[kind, default: []].intersection(found.test.matching))
            seen[kind, default: []] = seen[kind, default: []].union(found.test.matching)
        }
        return twice
    }
}

extension BucketTest {
    /// Whether `iptables-restore` takes back what `iptables-save` prints of it; others than xt_cluster's are none of theirs.
    fileprivate var survivesSaving: Bool {
        guard case .clusterMatch(let match) = scheme, match.bucketCount <= 32 else { return true }
        let mask = buckets.reduce(UInt32(0)) { $0 | 1 << UInt32($1 - 1) }
        guard mask != 0 else { return false }
        return (try? ClusterMatchRule(match: match, nodeMask: mask))?.survivesSaveAndRestore ?? true
    }
}
