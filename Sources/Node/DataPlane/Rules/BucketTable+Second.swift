import CNetfilter
import ClusterModel
import Responsibility

/// The second layout: one hash before connection tracking, the connection's mark behind it.
///
/// Most packets that reach a node are another node's, and most of the others belong to a flow that is known. Both are
/// dealt with by the first rule or two that they meet, provided that they came in multicast frames, as the cluster's do.
/// Whatever else comes to the cluster address by its interface goes the long way through the chain `cluster`, which
/// decides by itself. A rule that neither lets in nor drops leaves the packet to the next.
extension BucketTable {
    /// The chains of the second layout.
    var secondChains: [Chain] {
        var chains = [counted, tcpRules, Chain(name: "cluster_icmp", rules: icmpRules)]
        if hashesPorts {
            chains.append(Chain(name: "cluster_flows", rules: flowRules(.transport(offset: 0), marks: true)))
            chains.append(Chain(name: "cluster_ports", rules: flowRules(.transport(offset: 0), marks: false)))
            chains.append(Chain(name: "cluster_ah", rules: flowRules(.transport(offset: 4), marks: false)))
            chains.append(Chain(name: "early_ports", rules: [foreign(.transport(offset: 0))]))
            chains.append(Chain(name: "early_ah", rules: [foreign(.transport(offset: 4))]))
        }
        return chains + [longWay, prerouting, earlyRules, beforeTracking, replies]
    }

    /// So long after the last packet of a connection that the node opened itself its bucket's segments are let pass: as
    /// long as the kernel remembers the connection (`nf_conntrack_tcp_timeout_established`).
    private static let openedTime: UInt64 = 5 * 86_400_000

    // MARK: Before connection tracking

    private var beforeTracking: Chain {
        Chain(
            name: "before_tracking", hook: .init(number: NF_INET_PRE_ROUTING.rawValue, priority: -201),
            rules: [
                Rule(
                    comment: "to the cluster address",
                    expressions: toCluster + Expression.isMulticast + [.verdict(.goto("early"))])
            ])
    }

    private var earlyRules: Chain {
        var rules = datagramRules + segmentRules
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

    private var datagramRules: [Rule] {
        let datagram = Expression.isProtocol(.udp)
        return [
            Rule(
                comment: "a datagram of another node's bucket",
                expressions: datagram + bucket(.transport(offset: 0)) + [.absent("owned", .bucket)] + drop),
            Rule(comment: "a datagram", expressions: datagram + [.verdict(.accept)]),
        ]
    }

    private var segmentRules: [Rule] {
        let segment = Expression.isProtocol(.tcp)
        let bucket = bucket(.transport(offset: 0))
        return [
            Rule(
                comment: "a segment of no connection here",
                expressions: segment + Expression.opensNothing + bucket
                    + [.absent("owned", .bucket), .absent(Self.sticky, .bucket), .absent(Self.opened, .bucket)] + drop),
            Rule(comment: "a segment", expressions: segment + Expression.opensNothing + [.verdict(.accept)]),
            Rule(
                comment: "opens a connection of another node's bucket",
                expressions: segment + Expression.tcpOpens(true) + bucket + [.absent("owned", .bucket)] + drop),
            Rule(comment: "opens a connection", expressions: segment + takesLongWay),
        ]
    }

    private func foreign(_ ports: Ports) -> Rule {
        Rule(
            comment: "opens a flow of another node's bucket",
            expressions: bucket(ports) + [.absent("owned", .bucket)] + drop)
    }

    // MARK: Behind it

    private var prerouting: Chain {
        Chain(
            name: "prerouting", hook: .init(number: NF_INET_PRE_ROUTING.rawValue, priority: -150),
            rules: [
                Rule(
                    comment: "a known flow",
                    expressions: toCluster + Expression.isMulticast
                        + [.connection(NFT_CT_MARK, .bucket), .lookup("accepted", .bucket)] + Expression.letIn),
                Rule(
                    comment: "to the cluster address",
                    expressions: toCluster + Expression.isToMany + [.verdict(.goto("cluster"))]),
                Rule(
                    comment: "to the cluster address at the node's own MAC",
                    expressions: toCluster + cameIn + [.verdict(.goto("cluster"))]),
            ])
    }

    private var longWay: Chain {
        var rules: [Rule] = []
        if hashesPorts {
            rules += Self.withPortsFirst.map {
                dispatch($0, to: Self.withPortsTracked.contains($0) ? "cluster_flows" : "cluster_ports")
            }
            rules.append(dispatch(.ah, to: "cluster_ah"))
        }
        rules += [dispatch(.tcp, to: "cluster_tcp"), dispatch(.icmp, to: "cluster_icmp")]
        return Chain(name: "cluster", rules: rules + flowRules(.none, marks: true))
    }

    /// The protocols besides TCP of which every kernel tracks each pair of ports as a connection of its own.
    ///
    /// Of others, as ESP, one connection may have packets of many buckets, so that its mark could tell none of them.
    private static let withPortsTracked: [TransportProtocol] = [.udp, .sctp]

    private var tcpRules: Chain {
        let ports = Ports.transport(offset: 0)
        let continues = Expression.tcpOpens(false)
        let established = continues + Expression.connectionState(.established)
        let rules = [
            Rule(
                comment: "opens a connection of an owned bucket",
                expressions: Expression.tcpOpens(true) + Expression.connectionIsKnown + bucket(ports)
                    + [.lookup("owned", .bucket)] + marking(ports)),
            Rule(
                comment: "of a connection that this node opened",
                expressions: established + Expression.isReply + bucket(ports)
                    + [.update(Self.opened, .bucket, milliseconds: Self.openedTime)] + unmarked),
            Rule(comment: "established connection", expressions: established + marking(ports)),
            Rule(
                comment: "unknown connection of an adopted bucket",
                expressions: continues + bucket(ports) + [.lookup("adopted", .bucket), .lookup("owned", .bucket)]
                    + unmarked),
        ]
        return Chain(name: "cluster_tcp", rules: rules + rest(ports))
    }

    /// ICMP gets no mark: an error belongs to the connection that it is about, and an echo request is decided by its bucket
    /// each time.
    private var icmpRules: [Rule] {
        [
            Rule(
                comment: "ICMP error of a known connection",
                expressions: Expression.connectionState(.related) + bucket(.none) + unmarked)
        ] + flowRules(.none, marks: false)
    }

    /// The rules for packets that need no connection to be answered.
    private func flowRules(_ ports: Ports, marks: Bool) -> [Rule] {
        [
            Rule(
                comment: "owned bucket",
                expressions: Expression.connectionIsKnown + bucket(ports) + [.lookup("owned", .bucket)]
                    + (marks ? marking(ports) : unmarked))
        ] + rest(ports)
    }

    /// Makes the bucket, with the tag, the connection's mark, by which this packet and all that follow it are counted.
    private func marking(_ ports: Ports) -> [Expression] {
        bucket(ports, tag: tag) + [.setConnection(NFT_CT_MARK, .bucket), .verdict(.goto("counted"))]
    }

    /// Counts the packet as accepted in its bucket, lets it in, and leaves its connection's mark alone.
    private var unmarked: [Expression] { [.count(Self.unmarked, .bucket)] + Expression.letIn }

    /// Lets in what has just got its mark.
    ///
    /// Only marks are looked up in `accepted`: nft knows them as marks and could not read a rule that looked up a number.
    private var counted: Chain {
        Chain(
            name: "counted",
            rules: [
                Rule(
                    comment: "counted by its mark",
                    expressions: [.connection(NFT_CT_MARK, .bucket), .lookup("accepted", .bucket)] + Expression.letIn),
                Rule(comment: "has no counter", expressions: [.verdict(.drop)]),
            ])
    }

    // MARK: What is sent back

    /// Counts what the host sends back, by the connection's mark, where no firewall can drop it any more.
    ///
    /// A TCP reset and an ICMP error, which has the mark of the connection that it is about, are no replies of a service.
    private var replies: Chain {
        let counted: [Expression] = [.connection(NFT_CT_MARK, .bucket), .lookup("replied", .bucket), .verdict(.accept)]
        return Chain(
            name: "replies", hook: .init(number: NF_INET_POST_ROUTING.rawValue, priority: 250),
            rules: [
                Rule(comment: "a datagram", expressions: Expression.isProtocol(.udp) + counted),
                Rule(comment: "an ICMP error", expressions: Expression.isProtocol(.icmp) + [.verdict(.accept)]),
                Rule(
                    comment: "a reset",
                    expressions: Expression.isProtocol(.tcp) + Expression.resets + [.verdict(.accept)]),
                Rule(comment: "another reply", expressions: counted),
            ])
    }

    /// Drops what another node answers, and what is too short to have a bucket.
    private func rest(_ ports: Ports) -> [Rule] {
        [
            Rule(comment: "another node answers", expressions: bucket(ports) + drop),
            Rule(comment: "has no bucket", expressions: [.verdict(.drop)]),
        ]
    }

    private var drop: [Expression] { [.lookup("dropped", .bucket), .verdict(.drop)] }
}
