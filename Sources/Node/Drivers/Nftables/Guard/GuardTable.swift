import CNetfilter
import ClusterModel
import NodeDriver
import Responsibility

/// The guard of a cluster address: tables that keep the node silent, and its ARP right, whenever the cluster's are missing.
///
/// A pure function of three settings.
///
/// It stands around the chain in which the cluster's table decides (priority −150) and takes no part in that decision: what
/// the table lets in, it marks as sent to this host, and what nobody has marked so comes to nothing.
///
/// A frame to the node's own MAC has that mark from the start, so it is taken away before the table sees the packet.
package struct GuardTable: Hashable {
    /// The cluster address.
    package let address: IPv4Address
    /// The interface that carries it.
    package let interface: String
    /// The cluster MAC.
    package let mac: MACAddress

    /// A guard from its settings.
    package init(address: IPv4Address, interface: String, mac: MACAddress) {
        self.address = address
        self.interface = interface
        self.mac = mac
    }

    /// The guard of a cluster; nil for an address that none of our tables enforces.
    package init?(_ configuration: ClusterConfiguration) {
        guard let address = configuration.address.v4 else { return nil }
        self.init(address: address, interface: configuration.interface, mac: configuration.mac)
    }

    /// Who can take a guard's tables away.
    ///
    /// Each form has a name of its own, so that both can stand side by side.
    package enum Form: String, CaseIterable, Sendable {
        /// Anybody: tables as a program or a file of nft's makes them.
        case plain = "guard"
        /// Nobody but the process that holds them.
        case held
    }

    /// The name of the tables in families ip and arp.
    package func name(_ form: Form) -> String { Self.name(address, form) }

    /// The name of the tables of an address.
    static func name(_ address: IPv4Address, _ form: Form) -> String {
        prefix(form) + String(address.description.map { $0 == "." ? "_" : $0 })
    }

    /// The address and the form that a table's name stands for; nil for a table of another kind.
    static func guarded(byTable name: String) -> (address: IPv4Address, form: Form)? {
        for form in Form.allCases where name.hasPrefix(prefix(form)) {
            let digits = name.dropFirst(prefix(form).count).map { $0 == "_" ? "." : $0 }
            return IPv4Address(String(digits)).map { ($0, form) }
        }
        return nil
    }

    private static func prefix(_ form: Form) -> String { BucketTable.prefix + form.rawValue + "_" }
}

/// The rules, in the words of libnftnl and of nft; both make the same of them.
extension GuardTable {
    /// The chains in family ip; the first step of each rule ends it for what the cluster's table lets in.
    var chains: [Chain] {
        [
            Chain(
                name: "own_mac", hook: .init(number: NF_INET_PRE_ROUTING.rawValue, priority: -151),
                rules: [Rule(comment: comments.ownMAC, expressions: isToHost + toCluster + cameIn + marksAsBroadcast)]),
            Chain(
                name: "not_let_in", hook: .init(number: NF_INET_PRE_ROUTING.rawValue, priority: -149),
                rules: [Rule(comment: comments.notLetIn, expressions: isNotToHost + toCluster + [.verdict(.drop)])]),
        ]
    }

    /// The chain in family arp; behind that of the cluster's table, which says the same.
    var arpChain: Chain {
        Chain(
            name: "says", hook: .init(number: UInt32(NF_ARP_OUT), priority: 1),
            rules: [
                Rule(
                    comment: comments.says,
                    expressions: [
                        .payload(NFT_PAYLOAD_NETWORK_HEADER, offset: 14, length: 4, .input),
                        .compare(.input, equal: true, address.number.networkBytes),
                        .immediate(mac.octets, .input),
                        .writePayload(NFT_PAYLOAD_NETWORK_HEADER, offset: 8, length: 6, .input),
                    ])
            ])
    }

    /// The plain guard as a file for nft, which may be loaded again and again.
    package var text: String {
        let name = name(.plain)
        func anew(_ family: String) -> String { "table \(family) \(name)\ndelete table \(family) \(name)\n" }
        return anew("ip") + """
            table ip \(name) {
                chain own_mac {
                    type filter hook prerouting priority -151; policy accept;
                    meta pkttype host ip daddr \(address) iifname "\(interface)" meta pkttype set broadcast comment "\(comments.ownMAC)"
                }
                chain not_let_in {
                    type filter hook prerouting priority -149; policy accept;
                    meta pkttype != host ip daddr \(address) drop comment "\(comments.notLetIn)"
                }
            }

            """ + anew("arp") + """
                table arp \(name) {
                    chain says {
                        type filter hook output priority 1; policy accept;
                        arp saddr ip \(address) arp saddr ether set \(mac) comment "\(comments.says)"
                    }
                }

                """
    }

    /// What stands beside the rules; by it a guard is told from one of other settings, whoever made it.
    private var comments: (ownMAC: String, notLetIn: String, says: String) {
        (
            "\(address) to the own MAC of \(interface)", "\(address) without the cluster's table",
            "\(address) is at \(mac)"
        )
    }

    private var toCluster: [Expression] {
        [
            .payload(NFT_PAYLOAD_NETWORK_HEADER, offset: 16, length: 4, .input),
            .compare(.input, equal: true, address.number.networkBytes),
        ]
    }

    private var cameIn: [Expression] {
        let name = Array(interface.utf8)
        return [
            .meta(NFT_META_IIFNAME, .input),
            .compare(.input, equal: true, name + [UInt8](repeating: 0, count: 16 - name.count)),
        ]
    }

    /// Source: include/uapi/linux/if_packet.h, `PACKET_HOST` and `PACKET_BROADCAST`.
    private var isToHost: [Expression] { [.meta(NFT_META_PKTTYPE, .input), .compare(.input, equal: true, [0])] }

    private var isNotToHost: [Expression] { [.meta(NFT_META_PKTTYPE, .input), .compare(.input, equal: false, [0])] }

    private var marksAsBroadcast: [Expression] { [.immediate([1], .input), .setMeta(NFT_META_PKTTYPE, .input)] }
}
