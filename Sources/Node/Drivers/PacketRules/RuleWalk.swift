import ClusterModel
import Responsibility

/// Follows packets of each bucket through the chains that others wrote, and says what becomes of them.
///
/// A rule with a condition that does not tell buckets apart, such as a port, decides about some packets only: it is passed
/// over. So is what a firewall does with every packet alike. What is left is who answers which bucket.
package struct RuleWalk {
    /// What a packet is, beside its bucket.
    package struct Subject: Hashable, Sendable {
        /// Where it goes.
        package var address: IPAddress
        /// The interface by which it comes.
        package var interface: String
        /// The interface's number; nil when it does not exist.
        package var index: Int?
        /// Its transport protocol.
        package var transport: UInt8

        /// A subject from its parts; by default a datagram.
        package init(_ address: IPAddress, interface: String, index: Int?, transport: UInt8 = 17) {
            self.address = address
            self.interface = interface
            self.index = index
            self.transport = transport
        }
    }

    /// A rule that tells buckets apart for the subject.
    package struct Deciding: Hashable, Sendable {
        /// Where it is.
        package var place: RulePlace
        /// The rule.
        package var rule: PacketRule
        /// Its question.
        package var test: BucketTest
    }

    private let tables: [RuleTable]
    private let subject: Subject
    private let scheme: HashScheme
    private static let deepest = 16
    /// The priority of connection tracking: NF_IP_PRI_CONNTRACK of include/uapi/linux/netfilter_ipv4.h.
    private static let tracking = -200

    /// A walk of a subject through tables, of which those of its family count.
    package init(_ tables: [RuleTable], subject: Subject, scheme: HashScheme) {
        self.tables = tables.filter { $0.family == subject.address.family }
        self.subject = subject
        self.scheme = scheme
    }

    /// The buckets whose packets are let in.
    package func accepted() -> BucketSet {
        let entries = entries()
        let fates = (1...max(Int(scheme.bucketCount), 1)).map { ($0, fate(of: $0, entries)) }
        let isNamed = fates.contains { $0.1 == .named }
        return BucketSet(
            fates.filter { $0.1 == .named || $0.1 == .passed || $0.1 == .unnamed && !isNamed }.map(\.0))
    }

    /// The rules of the cluster by which packets of any bucket are dropped.
    package func dropping() -> Set<RulePlace> {
        let entries = entries()
        return Set(
            (1...max(Int(scheme.bucketCount), 1)).compactMap { bucket in
                var packet = Packet(bucket: bucket)
                return fate(of: &packet, entries) == .dropped ? packet.dropper : nil
            })
    }

    /// The rules that the subject comes to and that ask for its bucket by this scheme.
    package func deciding() -> [Deciding] {
        var found: [Deciding] = []
        var seen: Set<RulePlace> = []
        for (table, chain) in entries() {
            collect(chain, in: table, depth: 0) { if seen.insert($0.place).inserted { found.append($0) } }
        }
        return found
    }

    // MARK: One packet

    private enum Fate { case named, passed, unnamed, dropped }
    private enum End { case accept, drop, dropAll, leave }

    /// The packet as it goes: its mark, and whether the mark is there because of its bucket.
    private struct Packet {
        let bucket: Int
        var mark: UInt32 = 0
        var isTold = false
        /// Whether connection tracking has seen it, without which xt_cluster matches nothing, inverted or not.
        var isTracked = true
        /// The rule that threw it away.
        var dropper: RulePlace?
    }

    private func fate(of bucket: Int, _ entries: [(RuleTable, RuleChain)]) -> Fate {
        var packet = Packet(bucket: bucket)
        return fate(of: &packet, entries)
    }

    private func fate(of packet: inout Packet, _ entries: [(RuleTable, RuleChain)]) -> Fate {
        var fate = Fate.passed
        for (table, chain) in entries {
            packet.isTracked = (chain.hook?.priority ?? 0) > Self.tracking
            switch run(chain, in: table, &packet) {
            case .drop: return .dropped
            case .accept: if packet.isTold { fate = .named }
            case .dropAll: if fate == .passed { fate = .unnamed }
            case .leave where chain.isDropping: if fate == .passed { fate = .unnamed }
            case .leave: if packet.isTold { fate = .named }
            }
        }
        return fate
    }

    /// Follows a packet through a chain; an aimed one is a chain to which only packets of the cluster come.
    private func run(
        _ chain: RuleChain, in table: RuleTable, _ packet: inout Packet, depth: Int = 0, isAimed: Bool = false
    ) -> End {
        guard depth < Self.deepest else { return .leave }
        for rule in chain.rules where matches(rule, packet) {
            if rule.bucketTest != nil { packet.isTold = true }
            let isAimed = isAimed || rule.isAimed
            switch rule.action {
            case .accept: return .accept
            case .drop:
                packet.dropper = RulePlace(table, chain, rule)
                return isAimed ? .drop : .dropAll
            case .leave: return .leave
            case .pass: continue
            case .setMark(let value, let mask): packet.mark = packet.mark & ~mask | value & mask
            case .jump(let name), .goto(let name):
                guard let next = table.chain(name) else { continue }
                let end = run(next, in: table, &packet, depth: depth + 1, isAimed: isAimed)
                if end != .leave { return end }
                if case .goto = rule.action { return .leave }
            }
        }
        return .leave
    }

    private func matches(_ rule: PacketRule, _ packet: Packet) -> Bool {
        rule.conditions.allSatisfy { matches($0, packet) }
    }

    private func matches(_ condition: RuleCondition, _ packet: Packet) -> Bool {
        switch condition {
        case .bucket(let test):
            (packet.isTracked || !test.needsTracking) && asks(test) && test.matching.contains(packet.bucket)
        case .mark(let value, let mask, let isNegated): (packet.mark & mask == value) != isNegated
        default: isMet(condition)
        }
    }

    /// Whether a question is about buckets of this scheme.
    private func asks(_ test: BucketTest) -> Bool { test.scheme.placesAlike(scheme, family: subject.address.family) }

    /// Whether a condition that is the same for every bucket is met.
    private func isMet(_ condition: RuleCondition) -> Bool {
        switch condition {
        case .destination(let range, let isNegated): range.contains(subject.address) != isNegated
        case .interface(let name, let isPrefix, let isNegated):
            (isPrefix ? subject.interface.hasPrefix(name) : subject.interface == name) != isNegated
        case .interfaceIndex(let index, let isNegated): (index == subject.index) != isNegated
        case .transport(let number, let isNegated): (number == subject.transport) != isNegated
        case .bucket, .mark: true
        case .other: false
        }
    }

    // MARK: Chains

    /// The chains by which the kernel enters and that tell buckets or marks apart, in the order in which it does.
    private func entries() -> [(RuleTable, RuleChain)] {
        let all = tables.flatMap { table in table.chains.map { (table, $0) } }
        return all.filter { $0.1.hook != nil && tells($0.1, in: $0.0, depth: 0) }.sorted {
            guard let left = $0.1.hook, let right = $1.1.hook else { return false }
            return (left.place, left.priority) < (right.place, right.priority)
        }
    }

    private func tells(_ chain: RuleChain, in table: RuleTable, depth: Int) -> Bool {
        guard depth < Self.deepest else { return false }
        return chain.rules.contains { rule in
            let asks = rule.conditions.contains {
                switch $0 {
                case .bucket, .mark: true
                default: false
                }
            }
            guard !asks, case .jump(let name) = rule.action.asJump else { return asks }
            return table.chain(name).map { tells($0, in: table, depth: depth + 1) } ?? false
        }
    }

    private func collect(
        _ chain: RuleChain, in table: RuleTable, depth: Int, _ handle: (Deciding) -> Void
    ) {
        guard depth < Self.deepest else { return }
        for rule in chain.rules where rule.conditions.allSatisfy({ isMet($0) || $0.isTransport }) {
            if let test = rule.bucketTest, asks(test) {
                handle(Deciding(place: RulePlace(table, chain, rule), rule: rule, test: test))
            }
            guard case .jump(let name) = rule.action.asJump, let next = table.chain(name) else { continue }
            collect(next, in: table, depth: depth + 1, handle)
        }
    }
}

extension PacketRule {
    /// Whether it is about the cluster, and not the firewall's word about everything.
    fileprivate var isAimed: Bool {
        conditions.contains {
            switch $0 {
            case .destination, .bucket, .mark: true
            case .interface, .interfaceIndex, .transport, .other: false
            }
        }
    }
}

extension RuleAction {
    /// A jump for both ways of going to another chain.
    fileprivate var asJump: RuleAction {
        if case .goto(let name) = self { return .jump(name) }
        return self
    }
}

extension RuleCondition {
    fileprivate var isTransport: Bool {
        if case .transport = self { return true }
        return false
    }
}
