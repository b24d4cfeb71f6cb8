import CNetfilter
import ClusterModel
import Responsibility

/// The second layout: one hash before connection tracking, the connection's mark behind it.
///
/// Most packets that reach a node are another node's, and most of the others belong to a flow that is known. Both are
/// dealt with by the first rule or two that they meet, provided that they came in multicast frames, as the cluster's do.
/// Whatever else comes to the cluster address by its interface goes the long way through the chain `cluster`, which
/// decides by itself. A rule that neither lets in nor drops leaves the packet to the next.
///
/// Where the connections' marks are left to other programs, every packet goes the long way.
extension BucketTable {
    /// The chains of the second layout.
    var secondChains: [Chain] {
        longWayChains + [prerouting] + earlySecondChains + replyChains
    }

    /// The protocols besides TCP of which every kernel tracks each pair of ports as a connection of its own.
    ///
    /// Of others, as ESP, one connection may have packets of many buckets, so that its mark could tell none of them.
    static let withPortsTracked: [TransportProtocol] = [.udp, .sctp]

    /// So long a neighbour is remembered that sends to the node's own MAC.
    private static let misledTime: UInt64 = 600_000

    /// Counts the packet beside the buckets, by what the register says.
    func aside(_ register: Expression.Register) -> [Expression] {
        layout.asideSet.map { [.count($0, register)] } ?? []
    }

    /// Counts the packet as another node's and drops it.
    var drop: [Expression] { [.lookup("dropped", .bucket), .verdict(.drop)] }

    private var earlySecondChains: [Chain] {
        let ports = Chain(name: "early_ports", rules: [foreign(.transport(offset: 0))])
        let ah = Chain(name: "early_ah", rules: [foreign(.transport(offset: 4))])
        return [ports, Chain(name: "early_tcp", rules: segmentRules)] + (hashesPorts ? [ah] : [])
            + [earlyRules, beforeTracking]
    }

    /// Where the kernel enters before connection tracking.
    ///
    /// What came to the node's own MAC is counted here, since the guard marks it as broadcast before the chain prerouting.
    private var beforeTracking: Chain {
        Chain(
            name: "before_tracking", hook: .init(number: NF_INET_PRE_ROUTING.rawValue, priority: -201),
            rules: [
                Rule(
                    comment: "to the cluster address",
                    expressions: toCluster + Expression.isMulticast + [.verdict(.goto("early"))]),
                Rule(
                    comment: "by a neighbour that has the node's own MAC for the cluster's",
                    expressions: toCluster + cameIn + Expression.isToHost + Expression.isEthernet + [
                        .payload(NFT_PAYLOAD_LL_HEADER, offset: 6, length: 6, .input),
                        .count(Self.misled, .input, milliseconds: Self.misledTime),
                    ]),
            ])
    }

    private var earlyRules: Chain {
        var rules = [dispatch(.udp, to: "early_ports"), dispatch(.tcp, to: "early_tcp")]
        if hashesPorts {
            rules += Self.withPortsFirst.filter { $0 != .udp }.map { dispatch($0, to: "early_ports") }
            rules.append(dispatch(.ah, to: "early_ah"))
        }
        rules.append(
            Rule(
                comment: "may be an error of a connection", expressions: Expression.isProtocol(.icmp) + takesLongWay))
        return Chain(name: "early", rules: rules + [foreign(.none)])
    }

    /// Lets a packet pass, marked as broadcast, so that it is decided by its bucket and not by its connection's mark: conntrack
    /// gives that of another connection to an ICMP error about it, and to a connection that it expected to follow it.
    private var takesLongWay: [Expression] {
        [.immediate([1], .scratch), .setMeta(NFT_META_PKTTYPE, .scratch), .verdict(.accept)]
    }

    /// A bucket that is owned is sticky, too.
    private var segmentRules: [Rule] {
        let bucket = bucket(.transport(offset: 0))
        return [
            Rule(
                comment: "a segment of no connection here",
                expressions: Expression.opensNothing + bucket
                    + [.absent(Self.sticky, .bucket), .absent(Self.opened, .bucket)] + drop),
            Rule(comment: "a segment", expressions: Expression.opensNothing + [.verdict(.accept)]),
            Rule(
                comment: "opens a connection of another node's bucket",
                expressions: Expression.tcpOpens(true) + bucket + [.absent("owned", .bucket)] + drop),
            Rule(comment: "opens a connection", expressions: takesLongWay),
        ]
    }

    private func foreign(_ ports: Ports) -> Rule {
        Rule(
            comment: "opens a flow of another node's bucket",
            expressions: bucket(ports) + [.absent("owned", .bucket)] + drop)
    }
}
