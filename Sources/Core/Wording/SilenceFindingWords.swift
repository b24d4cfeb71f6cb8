import ClusterModel

extension SilenceFinding {
    func evidence(_ finding: Finding) -> String {
        let node = finding.subject
        let owned = finding.buckets.isEmpty ? "" : "; it owned bucket \(finding.buckets.summary)"
        switch self {
        case .unserved(let failure), .unreachable(let failure, _, _):
            return "\(node) is unreachable: \(failure?.sentence ?? "nothing is heard of it")\(owned)"
        case .stale(let failure):
            return "\(node): \(failure?.sentence ?? "its last sample is late")"
        case .tableFlushed(let address, let hadTable):
            let how =
                hadTable ? "lost its table" : "has no table: somebody flushed the ruleset, or it was never installed"
            return "\(node) carries \(address) and \(how)\(owned)"
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
                : "not known: it was never heard, and no other node owns bucket \(orphans.summary)"
        case .stale: "none by itself: the kernel answers without the agent, but what is shown may have changed"
        case .tableFlushed:
            "it answers UDP and pings of all clients, beside the nodes that own them, and TCP of none"
        case .notAMember: "none by itself: it answers nothing"
        }
    }
}
