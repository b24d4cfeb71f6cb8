/// Whether a node will hear and speak for the cluster address.
public struct MulticastHealth: Hashable, Sendable, Codable {
    /// The interface exists.
    public var interfacePresent: Bool
    /// The interface is administratively up and has a carrier.
    public var interfaceUp: Bool
    /// The cluster MAC is in the interface's multicast list (`/proc/net/dev_mcast`).
    public var macJoined: Bool
    /// The node rewrites the sender MAC of its ARP packets for the cluster address.
    public var arpRewritten: Bool
    /// The interface carries the cluster address.
    public var addressPresent: Bool
    /// The interface's own MAC address, when it exists.
    public var interfaceMAC: MACAddress?
    /// The largest packet that the interface sends, in bytes, when it exists.
    public var mtu: Int?
    /// Whether the node has joined the IGMP group that the MAC stands for; nil when it is not to.
    public var groupJoined: Bool?
    /// How the node is kept silent when the table is missing; nil when the driver has no guard, or does not tell.
    public var guardState: GuardState?
    /// The operating system's own configuration put the address on the interface; nil when that is not known.
    public var addressIsForeign: Bool?

    /// A health from its facts.
    public init(
        interfacePresent: Bool = true, interfaceUp: Bool = true, macJoined: Bool = true, arpRewritten: Bool = true,
        addressPresent: Bool = true, interfaceMAC: MACAddress? = nil, mtu: Int? = nil,
        guardState: GuardState? = nil, addressIsForeign: Bool? = nil, groupJoined: Bool? = nil
    ) {
        self.interfacePresent = interfacePresent
        self.interfaceUp = interfaceUp
        self.macJoined = macJoined
        self.arpRewritten = arpRewritten
        self.addressPresent = addressPresent
        self.interfaceMAC = interfaceMAC
        self.mtu = mtu
        self.groupJoined = groupJoined
        self.guardState = guardState
        self.addressIsForeign = addressIsForeign
    }

    /// Whether everything is as it should be.
    public var isGood: Bool {
        interfacePresent && interfaceUp && macJoined && arpRewritten && addressPresent && groupJoined != false
    }

    /// Whether the node can serve the connections that it has: packets reach its address, and its answers leave it.
    public var canServe: Bool { interfacePresent && interfaceUp && addressPresent }

    enum CodingKeys: String, CodingKey {
        case interfacePresent = "interface_present"
        case interfaceUp = "interface_up"
        case macJoined = "mac_joined"
        case arpRewritten = "arp_rewritten"
        case addressPresent = "address_present"
        case interfaceMAC = "interface_mac"
        case mtu
        case groupJoined = "group_joined"
        case guardState = "guard"
        case addressIsForeign = "address_foreign"
    }
}

extension MulticastHealth {
    /// What is wrong, the worst first, in a few words; nil when all is as it should be.
    public var complaint: String? {
        if !interfacePresent { return "no such interface" }
        if !interfaceUp { return "interface down" }
        if !addressPresent { return "no cluster address" }
        if !macJoined { return "no multicast MAC" }
        if !arpRewritten { return "no ARP rewrite" }
        return groupJoined == false ? "no IGMP group" : nil
    }
}
