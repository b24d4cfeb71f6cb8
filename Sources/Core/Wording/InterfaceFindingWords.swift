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

extension InterfaceFinding {
    func evidence(_ finding: Finding) -> String { "\(finding.subject): \(lack)" }

    private var lack: String {
        switch self {
        case .missing(let interface): "there is no interface \(interface)"
        case .recreated(let interface, let address, let mac):
            "\(interface) is up without \(address) and \(mac): it was made anew or emptied"
        case .down(let interface): "\(interface) is down"
        case .addressMissing(let interface, let address): "\(interface) does not carry \(address)"
        case .macMissing(let interface, .unknown):
            "\(interface) listens to no cluster MAC, and no ARP rule writes one"
        case .macMissing(let interface, let mac): "\(interface) does not listen to \(mac)"
        case .groupMissing(let interface, let group): "\(interface) has not joined the group \(group)"
        case .mtuDiffers(let interface, let mtu, let most):
            "\(interface) sends packets of \(mtu) bytes at most, those of most nodes \(most)"
        case .arpNotRewritten(let mac, let alteration):
            "its ARP packets carry its own MAC, not \(mac)" + (alteration.map { ". \($0.sentence)" } ?? "")
        }
    }

    /// In two or three words.
    var tag: String {
        switch self {
        case .missing: "no device"
        case .recreated: "made anew"
        case .down: "link down"
        case .addressMissing: "no address"
        case .macMissing: "no MAC"
        case .groupMissing: "no group"
        case .arpNotRewritten: "wrong ARP"
        case .mtuDiffers: "other MTU"
        }
    }

    func effect(_ finding: Finding) -> String {
        switch self {
        case .macMissing where !finding.buckets.isEmpty:
            "the network card may drop every packet for the cluster: \(finding.unanswered)"
        case .groupMissing: "a switch that snoops may send it nothing: \(finding.unanswered)"
        case .arpNotRewritten:
            "clients that believe them send to this node alone: the other nodes' buckets get no answer"
        case .mtuDiffers: "a bucket that moves to or from this node may lose its large packets"
        case .missing, .recreated, .down, .addressMissing, .macMissing: finding.unanswered
        }
    }
}
