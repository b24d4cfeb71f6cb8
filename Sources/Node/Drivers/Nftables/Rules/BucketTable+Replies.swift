import CNetfilter
import ClusterModel
import Responsibility

/// Counts what the host sends back, where no firewall of the node can drop it any more.
///
/// A TCP reset and an ICMP error, which has the mark of the connection that it is about, are no replies of a service.
extension BucketTable {
    /// The chains of the way out; a chain comes after those it leads to.
    var replyChains: [Chain] { layout.marksConnections ? [replies(replyRules)] : hashingChains }

    private func replies(_ rules: [Rule]) -> Chain {
        Chain(name: "replies", hook: .init(number: NF_INET_POST_ROUTING.rawValue, priority: 250), rules: rules)
    }

    /// By the connection's mark, which stands for the cluster address, too.
    private var replyRules: [Rule] {
        let counted: [Expression] = [.connection(NFT_CT_MARK, .bucket), .lookup("replied", .bucket), .verdict(.accept)]
        return [Rule(comment: "a datagram", expressions: Expression.isProtocol(.udp) + counted)] + noReplies
            + [Rule(comment: "another reply", expressions: counted)]
    }

    /// By the bucket of the packets that come in, where connections get no marks.
    private var hashingChains: [Chain] {
        let known: [TransportProtocol] = [.udp, .tcp] + Self.withPortsTracked.filter { $0 != .udp }
        let ported = known.map { transport in
            Rule(comment: "\(transport)", expressions: Expression.isProtocol(transport) + replied)
        }
        let rules = noReplies + (hashesPorts ? ported : [Rule(comment: "a reply", expressions: replied)])
        let entry = Rule(
            comment: "a reply from the cluster address",
            expressions: fromCluster + Expression.isReply + [.verdict(.goto("replied_ports"))])
        return [Chain(name: "replied_ports", rules: rules), replies([entry])]
    }

    private var replied: [Expression] {
        bucket(.transport(offset: 0), from: .destination) + [.lookup("replied", .bucket), .verdict(.accept)]
    }

    /// Neither counts as a reply; that the host refuses what came to the cluster address is counted beside.
    private var noReplies: [Rule] {
        let icmp = Expression.isProtocol(.icmp)
        let reset = Expression.isProtocol(.tcp) + Expression.resets
        return [
            Rule(
                comment: "says that no service is reached",
                expressions: icmp + Expression.saysUnreachable + fromCluster + refused),
            Rule(comment: "an ICMP error", expressions: icmp + [.verdict(.accept)]),
            Rule(comment: "a reset by the cluster address", expressions: reset + fromCluster + refused),
            Rule(comment: "a reset", expressions: reset + [.verdict(.accept)]),
        ]
    }

    private var fromCluster: [Expression] {
        [
            .payload(NFT_PAYLOAD_NETWORK_HEADER, offset: 12, length: 4, .input),
            .compare(.input, equal: true, address.number.networkBytes),
        ]
    }

    /// The key is a hash that can be one number only: nft could not read a rule that put in a number.
    private var refused: [Expression] {
        [.hostOrder(.input), .hash(length: 4, modulus: 1, seed: placement.seed, offset: Aside.refusals)]
            + aside(.bucket) + [.verdict(.accept)]
    }
}
