import CNetfilter
import ClusterModel
import Responsibility

/// The tables of one cluster address as they should be in the kernel: a pure function of its configuration.
///
/// What a packet meets, mirrored by `Verdict` in Responsibility: it is counted as arrived in its bucket; an ICMP error of a
/// known connection is answered; so is a TCP packet of an established connection, which is what lets a bucket move away from
/// living connections; a TCP packet that neither opens nor continues a connection is answered only in an adopted bucket, so
/// that this node's TCP resets it; all else is answered in an owned bucket and writes the bucket into the connection's mark,
/// as ipt_CLUSTERIP did. UDP does not stay with an old owner: it has no opening packet, so that old and new owner would both
/// answer.
///
/// A packet is hashed again only when its first rule did not end the matter, because the kernel lets no rule read a register
/// that another rule filled (Linux 6.11).
struct BucketTable: Hashable {
    /// The settings.
    var configuration: ClusterConfiguration

    /// The sets that count packets; every bucket is an element of both, and no move touches them.
    static let countingSets = ["arrived", "answered"]
    /// The sets that say what the node does with a bucket.
    ///
    /// An adopted bucket is in `owned` and in `adopted`; `released` holds
    /// buckets that an operation gave up, so that its author can prove that it did.
    static let ownershipSets = ["owned", "draining", "adopted", "released"]
    /// The ownership sets that hold a bucket in a state.
    static func sets(holding state: BucketState?) -> [String] {
        switch state {
        case .owned: ["owned"]
        case .draining: ["draining"]
        case .adopted: ["owned", "adopted"]
        case nil: ["released"]
        }
    }

    /// All tables of clusterip begin with this.
    static let prefix = "clusterip_"

    /// The name of the tables of an address, in the families ip and arp.
    static func name(_ address: IPv4Address) -> String {
        prefix + String(address.description.map { $0 == "." ? "_" : $0 })
    }

    /// The address that a table's name stands for.
    static func address(ofTable name: String) -> IPv4Address? {
        guard name.hasPrefix(prefix) else { return nil }
        return IPv4Address(String(name.dropFirst(prefix.count).map { $0 == "_" ? "." : $0 }))
    }

    /// The name of the tables.
    var name: String { Self.name(configuration.address) }

    /// The chains of the table in family ip; a chain comes after those it leads to.
    ///
    /// Their names are no words of nft's grammar.
    var chains: [Chain] {
        var chains = [tcpChain]
        if hashesPorts {
            chains.append(Chain(name: "cluster_ports", rules: newFlowRules(.transport(offset: 0))))
            chains.append(Chain(name: "cluster_ah", rules: newFlowRules(.transport(offset: 4))))
        }
        return chains + [clusterChain, entryChain]
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
                        .compare(.input, equal: true, configuration.address.number.networkBytes),
                        .immediate(configuration.mac.octets, .input),
                        .writePayload(NFT_PAYLOAD_NETWORK_HEADER, offset: 8, length: 6, .input),
                    ])
            ])
    }

    // MARK: Chains

    private var hashesPorts: Bool { configuration.hashMode != .sourceIP }

    private var entryChain: Chain {
        let interface = Array(configuration.interface.utf8)
        return Chain(
            name: "prerouting", hook: .init(number: NF_INET_PRE_ROUTING.rawValue, priority: -150),
            rules: [
                Rule(
                    comment: "to the cluster address",
                    expressions: [
                        .payload(NFT_PAYLOAD_NETWORK_HEADER, offset: 16, length: 4, .input),
                        .compare(.input, equal: true, configuration.address.number.networkBytes),
                        .meta(NFT_META_IIFNAME, .input),
                        .compare(.input, equal: true, interface + [UInt8](repeating: 0, count: 16 - interface.count)),
                        .verdict(.goto("cluster")),
                    ])
            ])
    }

    private var clusterChain: Chain {
        var rules = [dispatch(.tcp, to: "cluster_tcp")]
        if hashesPorts {
            rules += [.udp, .sctp, .dccp, .udpLite, .esp].map { dispatch($0, to: "cluster_ports") }
            rules.append(dispatch(.ah, to: "cluster_ah"))
        }
        rules.append(
            Rule(
                comment: "ICMP error of a known connection",
                expressions: isProtocol(.icmp) + connectionState(.related) + bucket(.none)
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
                    expressions: bucket(ports) + [.lookup("arrived", .bucket)] + tcpOpens(false)
                        + connectionState(.established) + answer),
                Rule(
                    comment: "opens a connection of an owned bucket",
                    expressions: tcpOpens(true) + connectionIsKnown + bucket(ports)
                        + [.lookup("owned", .bucket), .setConnection(NFT_CT_MARK, .bucket)] + answer),
                Rule(
                    comment: "unknown connection of an adopted bucket",
                    expressions: tcpOpens(false) + bucket(ports) + [.lookup("adopted", .bucket)] + answer),
                Rule(comment: "another node answers", expressions: [.verdict(.drop)]),
            ])
    }

    // MARK: Rules

    /// The rules for packets that need no connection to be answered.
    private func newFlowRules(_ ports: Ports) -> [Rule] {
        [
            Rule(
                comment: "owned bucket",
                expressions: bucket(ports) + [.lookup("arrived", .bucket)] + connectionIsKnown
                    + [.lookup("owned", .bucket), .setConnection(NFT_CT_MARK, .bucket)] + answer),
            Rule(comment: "another node answers", expressions: [.verdict(.drop)]),
        ]
    }

    private func dispatch(_ transport: TransportProtocol, to chain: String) -> Rule {
        Rule(comment: "hashes \(transport)", expressions: isProtocol(transport) + [.verdict(.goto(chain))])
    }

    // MARK: Parts of rules

    /// Where the ports of the hash come from.
    private enum Ports {
        case transport(offset: UInt32)
        case none
    }

    /// Brings the bucket into its register, exactly as `clusterip_hashfn` of ipt_CLUSTERIP.c does on a little-endian machine:
    /// the address as a host-order number, the ports as their two wire bytes at the low end of a word of their own.
    private func bucket(_ ports: Ports) -> [Expression] {
        let words = UInt32(configuration.hashMode.wordCount)
        let registers: [Expression.Register] = [.sourcePort, .destinationPort]
        let portWords = (0..<words - 1).map { index -> Expression in
            switch ports {
            case .transport(let offset):
                .payload(NFT_PAYLOAD_TRANSPORT_HEADER, offset: offset + 2 * index, length: 2, registers[Int(index)])
            case .none: .immediate([0, 0, 0, 0], registers[Int(index)])
            }
        }
        return [.payload(NFT_PAYLOAD_NETWORK_HEADER, offset: 12, length: 4, .input), .hostOrder(.input)] + portWords
            + [.hash(length: 4 * words, modulus: UInt32(configuration.totalNodes), seed: configuration.hashInit)]
    }

    /// Counts the packet as answered and lets it in as one for this host: TCP ignores packets still marked multicast.
    private var answer: [Expression] {
        [
            .lookup("answered", .bucket), .immediate([0], .scratch), .setMeta(NFT_META_PKTTYPE, .scratch),
            .verdict(.accept),
        ]
    }

    private func isProtocol(_ transport: TransportProtocol) -> [Expression] {
        [
            .payload(NFT_PAYLOAD_NETWORK_HEADER, offset: 9, length: 1, .scratch),
            .compare(.scratch, equal: true, [transport.rawValue]),
        ]
    }

    /// Matches a TCP packet whose flags among FIN, SYN, RST and ACK are SYN alone, or any other: the second of the header's
    /// bytes 12 to 15, because the kernel is fastest with words.
    private func tcpOpens(_ opens: Bool) -> [Expression] {
        [
            .payload(NFT_PAYLOAD_TRANSPORT_HEADER, offset: 12, length: 4, .scratch),
            .mask(.scratch, UInt32(bigEndian: 0x17_0000)), .compare(.scratch, equal: opens, [0, 0x02, 0, 0]),
        ]
    }

    private func connectionState(_ states: ConnectionStates) -> [Expression] {
        [
            .connection(NFT_CT_STATE, .scratch), .mask(.scratch, states.rawValue),
            .compare(.scratch, equal: false, [0, 0, 0, 0]),
        ]
    }

    /// Stops the rule for a packet without a conntrack entry, invalid or untracked: it has no direction to load.
    ///
    /// One step in place of the three of `ct state != invalid,untracked`, which every packet would pay for.
    ///
    /// Source: net/netfilter/nft_ct.c, `nft_ct_get_eval`.
    private var connectionIsKnown: [Expression] { [.connection(NFT_CT_DIRECTION, .scratch)] }

    /// The bits of `ct state`.
    ///
    /// Source: include/net/netfilter/nf_conntrack.h, `NF_CT_STATE_BIT`.
    private struct ConnectionStates: OptionSet {
        var rawValue: UInt32
        static let established = Self(rawValue: 1 << 1)
        static let related = Self(rawValue: 1 << 2)
    }
}
