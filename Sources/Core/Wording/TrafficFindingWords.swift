import ClusterModel

extension TrafficFinding {
    func evidence(_ finding: Finding) -> String {
        let node = finding.subject
        switch self {
        case .notReceiving(let address, let own, let peer, let theirs):
            return "no packet for \(address) reached \(node) in \(Numbers.tenths(own.seconds)) s, while "
                + "\(Numbers.whole(theirs.packets)) reached \(peer) in \(Numbers.tenths(theirs.seconds)) s"
        case .notAccepting(let arrivals):
            return "\(Numbers.whole(arrivals.own)) packets of \(node)'s own buckets reached it in "
                + "\(Numbers.tenths(arrivals.seconds)) s, and it accepted none"
        case .conntrackFull(let table):
            return "\(node) tracks \(table.count) connections, \(table.percent) % of the \(table.limit) it may"
        }
    }

    func effect(_ finding: Finding) -> String {
        switch self {
        case .notReceiving: finding.unanswered
        case .notAccepting: "clients in these buckets get no answer"
        case .conntrackFull(let table):
            (table.isFull ? "" : "when it is full, ")
                + "packets of new connections are dropped, and old ones may be forgotten when buckets move"
        }
    }
}
