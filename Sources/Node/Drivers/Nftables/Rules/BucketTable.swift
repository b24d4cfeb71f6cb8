import CNetfilter
import ClusterModel
import NodeDriver
import Responsibility

/// The tables of one cluster address as they should be in the kernel: a pure function of its configuration.
///
/// What a packet meets, mirrored by `Verdict` in Responsibility: it is counted as arrived in its bucket; an ICMP error of a
/// known connection is accepted; so is a TCP packet of an established connection, which is what lets a bucket move away from
/// living connections; a TCP packet that neither opens nor continues a connection is accepted only in an adopted bucket, so
/// that this node's TCP resets it; all else is accepted in an owned bucket and writes the bucket into the connection's mark,
/// as ipt_CLUSTERIP did. UDP does not stay with an old owner: it has no opening packet, so that old and new owner would both
/// answer.
///
/// What can be dropped whatever connection tracking would say of it is dropped before it, see `earlyChains`.
///
/// A packet is hashed again only when its first rule did not end the matter, because the kernel lets no rule read a register
/// that another rule filled (Linux 6.11).
struct BucketTable: Hashable {
    /// The settings.
    let settings: TableSettings
    /// The arrangement of sets and chains.
    var layout = TableLayout.second

    var configuration: ClusterConfiguration { settings.configuration }
    var address: IPv4Address { settings.address }
    var placement: Placement { settings.placement }

    /// The guard beside it.
    var guardTable: GuardTable {
        GuardTable(address: address, interface: configuration.interface, mac: configuration.mac)
    }

    /// The chains of the table in family ip; a chain comes after those it leads to.
    ///
    /// Their names are no words of nft's grammar.
    var chains: [Chain] {
        switch layout {
        case .first: firstChains
        case .second, .markless: secondChains
        }
    }

    private var firstChains: [Chain] {
        var chains = [tcpChain]
        if hashesPorts {
            chains.append(Chain(name: "cluster_ports", rules: newFlowRules(.transport(offset: 0))))
            chains.append(Chain(name: "cluster_ah", rules: newFlowRules(.transport(offset: 4))))
        }
        return chains + [clusterChain, entryChain("prerouting", priority: -150, to: clusterChain.name)] + earlyChains
    }

    /// The chain of the table in family arp: the node says the cluster MAC wherever it says the cluster address.
    var arpChain: Chain {
        Chain(
            name: "output", hook: .init(number: UInt32(NF_ARP_OUT), priority: 0),
            rules: [
                Rule(
                    comment: "says the cluster MAC",
                    expressions: [
                        .payload(NFT_PAYLOAD_NETWORK_HEADER, offset: 14, length: 4, .input),
                        .compare(.input, equal: true, address.number.networkBytes),
                        .immediate(configuration.mac.octets, .input),
                        .writePayload(NFT_PAYLOAD_NETWORK_HEADER, offset: 8, length: 6, .input),
                    ])
            ])
    }

    // MARK: Chains

    /// The protocols besides TCP whose transport header begins with the ports.
    static let withPortsFirst: [TransportProtocol] = [.udp, .sctp, .dccp, .udpLite, .esp]

    var hashesPorts: Bool { placement.mode != .sourceIP }

    /// Where the kernel enters the table, for packets to the cluster address.
    func entryChain(_ name: String, priority: Int32, to chain: String) -> Chain {
        Chain(
            name: name, hook: .init(number: NF_INET_PRE_ROUTING.rawValue, priority: priority),
            rules: [
                Rule(
                    comment: "to the cluster address",
                    expressions: toCluster + cameIn + [.verdict(.goto(chain))])
            ])
    }

    /// Matches packets to the cluster address.
    var toCluster: [Expression] {
        [
            .payload(NFT_PAYLOAD_NETWORK_HEADER, offset: 16, length: 4, .input),
            .compare(.input, equal: true, address.number.networkBytes),
        ]
    }

    /// Matches packets that came in by the cluster's interface, by its name: a rule by index dies with the interface.
    var cameIn: [Expression] {
        let interface = Array(configuration.interface.utf8)
        return [
            .meta(NFT_META_IIFNAME, .input),
            .compare(.input, equal: true, interface + [UInt8](repeating: 0, count: 16 - interface.count)),
        ]
    }

    private var clusterChain: Chain {
        var rules = [dispatch(.tcp, to: "cluster_tcp")]
        if hashesPorts {
            rules += Self.withPortsFirst.map { dispatch($0, to: "cluster_ports") }
            rules.append(dispatch(.ah, to: "cluster_ah"))
        }
        rules.append(
            Rule(
                comment: "ICMP error of a known connection",
                expressions: Expression.isProtocol(.icmp) + Expression.connectionState(.related) + bucket(.none)
                    + [.lookup("arrived", .bucket), .lookup("answered", .bucket), .verdict(.accept)]))
        return Chain(name: "cluster", rules: rules + newFlowRules(.none))
    }

    private var tcpChain: Chain {
        let ports = Ports.transport(offset: 0)
        return Chain(
            name: "cluster_tcp",
            rules: [
                Rule(
                    comment: "established connection",
                    expressions: bucket(ports) + [.lookup("arrived", .bucket)] + Expression.tcpOpens(false)
                        + Expression.connectionState(.established) + Expression.accept),
                Rule(
                    comment: "opens a connection of an owned bucket",
                    expressions: Expression.tcpOpens(true) + Expression.connectionIsKnown + bucket(ports)
                        + [.lookup("owned", .bucket), .setConnection(NFT_CT_MARK, .bucket)] + Expression.accept),
                Rule(
                    comment: "unknown connection of an adopted bucket",
                    expressions: Expression.tcpOpens(false) + bucket(ports)
                        + [.lookup("adopted", .bucket), .lookup("owned", .bucket)] + Expression.accept),
                Rule(comment: "another node answers", expressions: [.verdict(.drop)]),
            ])
    }

    // MARK: Rules

    /// The rules for packets that need no connection to be accepted.
    private func newFlowRules(_ ports: Ports) -> [Rule] {
        [
            Rule(
                comment: "owned bucket",
                expressions: bucket(ports) + [.lookup("arrived", .bucket)] + Expression.connectionIsKnown
                    + [.lookup("owned", .bucket), .setConnection(NFT_CT_MARK, .bucket)] + Expression.accept),
            Rule(comment: "another node answers", expressions: [.verdict(.drop)]),
        ]
    }

    func dispatch(_ transport: TransportProtocol, to chain: String) -> Rule {
        Rule(comment: "hashes \(transport)", expressions: Expression.isProtocol(transport) + [.verdict(.goto(chain))])
    }
}
