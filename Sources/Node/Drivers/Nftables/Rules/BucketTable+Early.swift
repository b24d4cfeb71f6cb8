import CNetfilter
import ClusterModel
import Responsibility

/// Drops before connection tracking what other nodes answer: most packets that reach a node.
extension BucketTable {
    /// The chains that decide before connection tracking (priority -200) and after fragments were put together (-400).
    ///
    /// For a packet that opens a flow, the bucket alone decides that it is dropped. Tracked first, it would cost an entry
    /// that is made and thrown away, and in a full table push out another connection. It counts as arrived here; a packet
    /// that is let through counts where it is accepted or dropped. TCP packets that continue a connection and ICMP, which
    /// may tell of an error in one, are left to the chains behind connection tracking. Those decide everything by
    /// themselves too: these chains only come first.
    ///
    /// Source: include/uapi/linux/netfilter_ipv4.h, `enum nf_ip_hook_priorities`.
    var earlyChains: [Chain] {
        var chains: [Chain] = []
        if hashesPorts {
            chains.append(Chain(name: "early_ports", rules: [foreignRule(.transport(offset: 0))]))
            chains.append(Chain(name: "early_ah", rules: [foreignRule(.transport(offset: 4))]))
        }
        return chains + [earlyChain, entryChain("before_tracking", priority: -201, to: earlyChain.name)]
    }

    private var earlyChain: Chain {
        var rules = [
            Rule(
                comment: "continues a connection",
                expressions: Expression.isProtocol(.tcp) + Expression.tcpOpens(false) + [.verdict(.accept)])
        ]
        if hashesPorts {
            rules += ([.tcp] + Self.withPortsFirst).map { dispatch($0, to: "early_ports") }
            rules.append(dispatch(.ah, to: "early_ah"))
        }
        rules.append(
            Rule(
                comment: "may be an error of a connection",
                expressions: Expression.isProtocol(.icmp) + [.verdict(.accept)]))
        return Chain(name: "early", rules: rules + [foreignRule(.none)])
    }

    private func foreignRule(_ ports: Ports) -> Rule {
        Rule(
            comment: "opens a flow of another node's bucket",
            expressions: bucket(ports) + [.absent("owned", .bucket), .lookup("arrived", .bucket), .verdict(.drop)])
    }
}
