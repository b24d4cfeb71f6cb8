import ClusterModel

extension ServiceFinding {
    func evidence(_ finding: Finding) -> String {
        let node = finding.subject
        switch self {
        case .notReplying(let silence, let share, let replying, let obstacle):
            let before = share.map { ", where before \(Numbers.whole($0 * 100)) of 100 were replied to" } ?? ""
            let packets = "\(Numbers.whole(silence.accepted)) packets in \(Numbers.tenths(silence.seconds)) s"
            return
                "\(node) let in \(packets) and \(Self.instead(silence))\(before)\(obstacle?.words ?? "")\(Self.others(replying))"
        case .connectionsLost(let segments, let seconds):
            let time = "\(Numbers.tenths(seconds)) s"
            return "\(Numbers.whole(segments)) TCP segments of \(node)'s buckets in \(time) belong to no connection "
                + "that a node knows"
        case .neighboursMisled(let address, let neighbours, let seconds):
            let most = neighbours.sorted { ($1.value, $0.key.number) < ($0.value, $1.key.number) }.prefix(2)
            let others = neighbours.count > 2 ? ", and \(neighbours.count - 2) more" : ""
            let packets = neighbours.values.reduce(0, +)
            return
                "\(Lists.and(most.map { "\($0.key)" }))\(others) sent \(Numbers.whole(packets)) packets for \(address) "
                + "to \(node)'s own MAC in \(Numbers.tenths(seconds)) s"
        }
    }

    /// What came back instead of replies.
    private static func instead(_ silence: ServiceRecord.Silence) -> String {
        if silence.refused > 0 {
            return "refused \(Numbers.whole(silence.refused)) of them: no service listens there"
        }
        if silence.bare > 0 { return "sent back no data: its kernel answers, its service does not" }
        return "replied to none"
    }

    private static func others(_ replying: [String]) -> String {
        switch replying.count {
        case 0: "; no node replies now"
        case 1...3: "; \(Lists.and(replying)) \(replying.count == 1 ? "replies" : "reply")"
        default: "; \(replying.count) other nodes reply"
        }
    }

    func effect(_ finding: Finding) -> String {
        switch self {
        case .notReplying(let silence, _, _, _) where silence.refused > 0: "clients of this node are refused"
        case .notReplying(_, _, let replying, _):
            replying.isEmpty
                ? "clients of this node get no reply, unless they want none now" : "clients of this node get no reply"
        case .connectionsLost: "clients of these connections wait in vain until they give up, and connect again"
        case .neighboursMisled:
            "what these neighbours send reaches this node alone: clients of the other nodes' buckets get no answer"
        }
    }

    /// In at most eleven letters.
    var tag: String {
        switch self {
        case .notReplying: "no replies"
        case .connectionsLost: "lost conns"
        case .neighboursMisled: "misled"
        }
    }
}

extension WayBackObstacle {
    /// What follows what was seen.
    fileprivate var words: String {
        switch self {
        case .noRoute(let client): ": it has no route to \(client)"
        case .reversePath(let client, let interface):
            ": its route to \(client) leads out by \(interface), so that its reverse path filter drops that client's packets"
        case .dropped: ": its service answers, and a rule of the node drops the answers"
        }
    }
}
