import ClusterModel
import Responsibility

extension RuleDefect {
    /// What was seen, behind the node's name.
    public var sentence: String {
        switch self {
        case .dropMissing(let buckets): "no rule drops \(buckets.named), which none of its rules asks for"
        case .unreached(let buckets):
            "its rules ask for \(buckets.named), and its packets are dropped before, or never get there"
        case .duplicated(let buckets): "two rules or more ask for \(buckets.named)"
        case .otherTotal(let total, let most): "some of its rules count \(total) buckets, most \(most)"
        case .otherSeed(let seed, let most):
            "some of its rules hash with the seed \(Self.hex(seed)), most with \(Self.hex(most))"
        case .interfaceGone(let index):
            "its rules wait for the interface number \(index), which is gone; one made anew has another number"
        case .protocolsDiffer(let buckets): "of \(buckets.named), it lets in either TCP or UDP, and not both"
        case .firstWordOnly:
            "the kernel's xt_cluster hashes only the first 32 bits of IPv6 sources, a defect of the kernel"
        case .unsavable(let buckets):
            "iptables-save prints the rules of \(buckets.named) in a form that iptables-restore refuses"
        case .seedNotDerived(let seed, let derived):
            "its seed \(Self.hex(seed)) is that of another prefix length; the address as it is now gives \(Self.hex(derived))"
        }
    }

    /// What clients notice.
    var effect: String {
        switch self {
        case .dropMissing: "the node answers these clients beside the owners of their buckets: answers come twice"
        case .unreached: "clients in these buckets get no answer from this node"
        case .duplicated: "none now; a bucket whose rule is deleted once stays here"
        case .otherTotal, .otherSeed: "clients that the other rules place here are answered twice, or not at all"
        case .interfaceGone: "the rules match nothing: the node answers other nodes' clients, too"
        case .protocolsDiffer: "a client's datagrams and connections are answered by different nodes, or not at all"
        case .firstWordOnly: "all clients of one /32 network are in one bucket: load is not spread"
        case .unsavable: "none now; after the next restore, or boot, these rules are gone"
        case .seedNotDerived: "none now; once the rules are written anew here, they differ from the other nodes'"
        }
    }

    /// In at most eleven letters.
    var tag: String {
        switch self {
        case .dropMissing: "no drop"
        case .unreached: "unreached"
        case .duplicated: "rules twice"
        case .otherTotal, .otherSeed: "mixed rules"
        case .interfaceGone: "dead rules"
        case .protocolsDiffer: "TCP or UDP"
        case .firstWordOnly: "IPv6 hash"
        case .unsavable: "unsavable"
        case .seedNotDerived: "other mask"
        }
    }

    private static func hex(_ number: UInt32) -> String { "0x" + String(number, radix: 16) }
}
