import CNetfilter
import ClusterModel
import Responsibility

/// Behind connection tracking: what a known flow meets, and the long way of all else.
extension BucketTable {
    /// So long after the last packet of a connection that the node opened itself its bucket's segments are let pass: as
    /// long as the kernel remembers the connection (`nf_conntrack_tcp_timeout_established`).
    private static let openedTime: UInt64 = 5 * 86_400_000

    /// Where the kernel enters, and the packets of known flows are let in.
    var prerouting: Chain {
        let known = Rule(
            comment: "a known flow",
            expressions: toCluster + Expression.isMulticast
                + [.connection(NFT_CT_MARK, .bucket), .lookup("accepted", .bucket)] + Expression.letIn)
        return Chain(
            name: "prerouting", hook: .init(number: NF_INET_PRE_ROUTING.rawValue, priority: -150),
            rules: (layout.marksConnections ? [known] : []) + [
                Rule(
                    comment: "to the cluster address",
                    expressions: toCluster + Expression.isToMany + [.verdict(.goto("cluster"))]),
                Rule(
                    comment: "to the cluster address at the node's own MAC",
                    expressions: toCluster + cameIn + [.verdict(.goto("cluster"))]),
            ])
    }

    /// The chain `cluster` and those that it leads to, which come before it.
    var longWayChains: [Chain] {
        var chains = (layout.marksConnections ? [counted] : []) + [tcpRules]
        chains.append(Chain(name: "cluster_icmp", rules: icmpRules))
        if hashesPorts {
            let ports = Ports.transport(offset: 0)
            chains.append(Chain(name: "cluster_flows", rules: flowRules(ports, letting: marking(ports))))
            chains.append(Chain(name: "cluster_ports", rules: flowRules(ports, letting: unmarked)))
            chains.append(Chain(name: "cluster_ah", rules: flowRules(.transport(offset: 4), letting: unmarked)))
        }
        return chains + [longWay]
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
        return Chain(name: "cluster", rules: rules + flowRules(.none, letting: marking(.none)))
    }

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
            Rule(
                comment: "established connection",
                expressions: established + (layout.marksConnections ? [] : bucket(ports)) + marking(ports)),
            Rule(
                comment: "unknown connection of an adopted bucket",
                expressions: continues + bucket(ports) + [.lookup("adopted", .bucket), .lookup("owned", .bucket)]
                    + unmarked),
            Rule(
                comment: "of an owned bucket and no known connection",
                expressions: Expression.goesOn + bucket(ports) + [.lookup("owned", .bucket)]
                    + bucket(ports, tag: Aside.strays) + aside(.bucket) + bucket(ports) + drop),
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
        ] + flowRules(.none, letting: unmarked)
    }

    /// The rules for packets that need no connection to be answered.
    private func flowRules(_ ports: Ports, letting letIn: [Expression]) -> [Rule] {
        [
            Rule(
                comment: "owned bucket",
                expressions: Expression.connectionIsKnown + bucket(ports) + [.lookup("owned", .bucket)] + letIn)
        ] + rest(ports)
    }

    /// Makes the bucket, with the tag, the connection's mark, by which this packet and all that follow it are counted.
    ///
    /// It follows the hash; where connections get no marks, that hash is the counter's key.
    private func marking(_ ports: Ports) -> [Expression] {
        guard layout.marksConnections else { return [.lookup("accepted", .bucket)] + Expression.letIn }
        return bucket(ports, tag: tag) + [.setConnection(NFT_CT_MARK, .bucket), .verdict(.goto("counted"))]
    }

    /// Counts the packet as accepted in its bucket and as one whose replies are not counted, lets it in, and leaves its
    /// connection's mark alone.
    private var unmarked: [Expression] {
        (layout.marksConnections ? [] : [.lookup("accepted", .bucket)]) + aside(.bucket) + Expression.letIn
    }

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

    /// Drops what another node answers, and what is too short to have a bucket.
    private func rest(_ ports: Ports) -> [Rule] {
        [
            Rule(comment: "another node answers", expressions: bucket(ports) + drop),
            Rule(comment: "has no bucket", expressions: [.verdict(.drop)]),
        ]
    }
}
