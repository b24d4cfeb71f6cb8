import ClusterModel

/// The words for what keeps a node from hearing or speaking for the cluster address.
enum HealthWords {
    /// The worst first; empty when everything is as it should be.
    static func words(_ health: MulticastHealth) -> [String] {
        if !health.interfacePresent { return ["no interface"] }
        var words: [String] = []
        if !health.interfaceUp { words.append("link down") }
        if !health.addressPresent { words.append("no address") }
        if !health.macJoined { words.append("no MAC") }
        if !health.arpRewritten { words.append("no ARP rewrite") }
        if health.groupJoined == false { words.append("no IGMP group") }
        return words
    }
}
