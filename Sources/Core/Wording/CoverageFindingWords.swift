import ClusterModel
import Responsibility

extension CoverageFinding {
    func evidence(_ finding: Finding) -> String {
        let buckets = finding.buckets.named
        switch self {
        case .orphan(let unheard, _, _):
            if unheard.isEmpty { return "no node owns \(buckets)" }
            let silent = "\(Lists.and(unheard)) \(unheard.count == 1 ? "was" : "were") not heard yet"
            return "no node that was heard owns \(buckets); \(silent)"
        case .conflict(let owners):
            return "\(Lists.and(owners)) \(owners.count == 2 ? "both" : "all") own \(buckets)"
        case .oneNode(let count):
            return "\(finding.subject) owns all \(count) buckets, the other nodes none"
        }
    }

    func effect(_ finding: Finding) -> String {
        switch self {
        case .orphan(let unheard, _, let bare):
            let clients =
                bare.isEmpty
                ? "clients in these buckets get no answer"
                : "TCP clients in these buckets get no answer, others only that of \(Lists.and(bare))"
            if unheard.isEmpty { return clients }
            return "if \(Lists.and(unheard)) \(unheard.count == 1 ? "is" : "are") dead, \(clients)"
        case .conflict: return "new connections of its clients break: two nodes answer each packet"
        case .oneNode: return "none now; if \(finding.subject) fails, no client gets an answer"
        }
    }
}

extension SettingsFinding {
    func evidence(_ finding: Finding) -> String {
        let (what, own, most) =
            switch self {
            case .mode(let own, let most): ("hash mode", own, most)
            case .bucketCount(let own, let most): ("total nodes", "\(own)", "\(most)")
            case .seed(let own, let most): ("seed", Self.text(own), Self.text(most))
            case .generation(let own, let most): ("a kernel whose jhash is", own.rawValue, most.rawValue)
            case .byteOrder(let own, let most): ("a processor whose byte order is", own.rawValue, most.rawValue)
            case .mac(let own, let most): ("cluster MAC", "\(own)", "\(most)")
            }
        return "\(finding.subject) has \(what) \(own), most nodes have \(most)"
    }

    var effect: String {
        switch self {
        case .mode, .bucketCount, .seed, .generation, .byteOrder:
            "its buckets are other clients than the other nodes': some get two answers, some none"
        case .mac: "clients that learn the one MAC are not heard by nodes that listen to the other"
        }
    }

    private static func text(_ seed: UInt32?) -> String { seed.map { String($0) } ?? "unknown" }
}

extension SilenceFinding {
    func evidence(_ finding: Finding) -> String {
        let node = finding.subject
        let owned = finding.buckets.isEmpty ? "" : "; it owned \(finding.buckets.named)"
        switch self {
        case .unserved(let failure), .unreachable(let failure, _, _):
            return "\(node) is unreachable: \(failure?.sentence ?? "nothing is heard of it")\(owned)"
        case .stale(let failure):
            return "\(node): \(failure?.sentence ?? "its last sample is late")"
        case .tableFlushed(let address, let hadTable, let isGuarded):
            let how =
                hadTable ? "lost its table" : "has no table: somebody flushed the ruleset, or it was never installed"
            return "\(node) carries \(address) and \(how)\(isGuarded ? "; its guard stands" : "")\(owned)"
        case .rulesMissing(let address, let driver, let hadRules):
            let lack = hadRules ? "lost \(Self.rules(driver))" : "has no rule that says which buckets are its own"
            return "\(node) carries \(address) and \(lack)\(owned)"
        case .noPart(let address, _, let hadPart):
            return "\(node) has neither rules of \(address) nor the address\(hadPart ? "; both were there" : "")"
        case .notAMember(let address, let wasMember):
            return "\(node) has neither a table of \(address) nor the address\(wasMember ? "; both were there" : "")"
        }
    }

    var effect: String {
        switch self {
        case .unserved: "if the node is dead, clients in these buckets get no answer"
        case .unreachable(_, wasHeard: true, _):
            "none that is known: other nodes own every bucket it had when it was last heard"
        case .unreachable(_, _, let orphans):
            orphans.isEmpty
                ? "none that is known: other nodes own every bucket"
                : "not known: it was not heard yet, and no other node owns \(orphans.named)"
        case .stale: "none by itself: the kernel answers without the agent, but what is shown may have changed"
        case .tableFlushed(_, _, isGuarded: true): "none by itself: the guard keeps it silent"
        // The rule's end takes the cluster MAC off the interface and out of ARP.
        case .rulesMissing(_, "ipt_CLUSTERIP", _):
            "its ARP says its own MAC: it answers everything of clients that believe it, beside the nodes that own them"
        case .tableFlushed, .rulesMissing:
            "it answers UDP and pings of all clients, beside the nodes that own them, and TCP of none"
        case .notAMember, .noPart: "none by itself: it answers nothing"
        }
    }

    /// What a node has by which a driver enforces ownership.
    private static func rules(_ driver: String) -> String {
        switch driver {
        case "ipt_CLUSTERIP": "its rule with the target CLUSTERIP"
        case "IPaddr2": "the rules that Pacemaker's IPaddr2 wrote"
        default: "the rules that asked for its buckets"
        }
    }
}
