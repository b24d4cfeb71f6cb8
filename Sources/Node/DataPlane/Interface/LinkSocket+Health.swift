import CNetfilter
import ClusterModel
import Glibc

extension LinkSocket {
    /// Whether the node will hear and speak for a cluster address; whether its ARP is right, only the ruleset knows.
    func health(_ configuration: ClusterConfiguration, arpRewritten: Bool) -> MulticastHealth {
        let key = LinkFacts.Key(interface: configuration.interface, address: configuration.address)
        let facts = (try? facts(key)) ?? LinkFacts(interface: interface(configuration.interface))
        guard let interface = facts.interface else {
            return MulticastHealth(
                interfacePresent: false, interfaceUp: false, macJoined: false, arpRewritten: arpRewritten,
                addressPresent: false)
        }
        let up = UInt32(IFF_UP | IFF_RUNNING)
        return MulticastHealth(
            interfacePresent: true, interfaceUp: interface.flags & up == up,
            macJoined: hasJoined(configuration.mac, interface: interface.index), arpRewritten: arpRewritten,
            addressPresent: facts.carriesAddress,
            interfaceMAC: interface.address, mtu: Int(interface.mtu))
    }
}

extension clusterip_interface {
    /// The interface's MAC address.
    var address: MACAddress {
        withUnsafeBytes(of: mac) { MACAddress(number: $0.reduce(0) { $0 << 8 | UInt64($1) }) }
    }
}
