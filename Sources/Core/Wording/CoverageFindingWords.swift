import ClusterModel

extension CoverageFinding {
    func evidence(_ finding: Finding) -> String {
        let buckets = finding.buckets.summary
        switch self {
        case .orphan(let unheard, _):
            if unheard.isEmpty { return "no node owns bucket \(buckets)" }
            let silent = "\(Lists.and(unheard)) \(unheard.count == 1 ? "was" : "were") never heard"
            return "no node that was heard owns bucket \(buckets); \(silent)"
        case .conflict(let owners):
            return "\(Lists.and(owners)) \(owners.count == 2 ? "both" : "all") own bucket \(buckets)"
        case .oneNode(let count):
            return "\(finding.subject) owns all \(count) buckets, the other nodes none"
        }
    }

    func effect(_ finding: Finding) -> String {
        switch self {
        case .orphan(let unheard, _):
            let clients = "clients in these buckets get no answer"
            if unheard.isEmpty { return clients }
            return "if \(Lists.and(unheard)) \(unheard.count == 1 ? "is" : "are") dead, \(clients)"
        case .conflict: return "new connections of its clients break: two nodes answer each packet"
        case .oneNode: return "none now; if \(finding.subject) fails, no client gets an answer"
        }
    }
}
