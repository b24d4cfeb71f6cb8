import CNetfilter
import ClusterModel
import Responsibility

/// Counts what the host sends back, where no firewall of the node can drop it any more.
///
/// No replies of a service are a TCP reset, an ICMP error, which has the mark of the connection that it is about, and a TCP
/// segment without data: kernels send those for a service that hangs, too.
extension BucketTable {
    /// The chains of the way out; a chain comes after those it leads to.
    var replyChains: [Chain] { layout.marksConnections ? [withoutData(counted), replies(replyRules)] : hashingChains }

    private func replies(_ rules: [Rule]) -> Chain {
        Chain(name: "replies", hook: .init(number: NF_INET_POST_ROUTING.rawValue, priority: 250), rules: rules)
    }

    /// By the connection's mark, which stands for the cluster address, too.
    private var replyRules: [Rule] {
        [Rule(comment: "a datagram", expressions: Expression.isProtocol(.udp) + counted)] + noReplies
            + [shortSegment, Rule(comment: "another reply", expressions: counted)]
    }

    private var counted: [Expression] {
        [.connection(NFT_CT_MARK, .bucket), .lookup("replied", .bucket), .verdict(.accept)]
    }

    /// By the bucket of the packets that come in, where connections get no marks.
    private var hashingChains: [Chain] {
        let known: [TransportProtocol] = [.udp, .tcp] + Self.withPortsTracked.filter { $0 != .udp }
        let ported = known.map { transport in
            Rule(comment: "\(transport)", expressions: Expression.isProtocol(transport) + replied)
        }
        let rules =
            noReplies + [shortSegment] + (hashesPorts ? ported : [Rule(comment: "a reply", expressions: replied)])
        let entry = Rule(
            comment: "a reply from the cluster address",
            expressions: fromCluster + Expression.isReply + [.verdict(.goto("replied_ports"))])
        return [withoutData(replied), Chain(name: "replied_ports", rules: rules), replies([entry])]
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
                expressions: icmp + Expression.saysUnreachable + fromCluster + beside(Aside.refusals)),
            Rule(comment: "an ICMP error", expressions: icmp + [.verdict(.accept)]),
            Rule(comment: "a reset by the cluster address", expressions: reset + fromCluster + beside(Aside.refusals)),
            Rule(comment: "a reset", expressions: reset + [.verdict(.accept)]),
        ]
    }

    private var shortSegment: Rule {
        Rule(
            comment: "a short segment",
            expressions: Expression.isProtocol(.tcp) + Expression.isShort + fromCluster + [.verdict(.goto("segments"))])
    }

    /// Counts segments without data beside: those whose length is that of their headers, the usual ones first.
    ///
    /// A segment of data to a packet with IP options may be taken for one.
    private func withoutData(_ counted: [Expression]) -> Chain {
        let words: [UInt8] = [8, 10, 5, 11, 6, 7, 9, 12, 13, 14, 15]
        let rules = words.map { words in
            Rule(
                comment: "no data behind \(words * 4) bytes",
                expressions: Expression.hasLength(20 + UInt16(words) * 4) + Expression.tcpHeader(words: words)
                    + [source] + beside(Aside.segments))
        }
        return Chain(name: "segments", rules: rules + [Rule(comment: "a reply of data", expressions: counted)])
    }

    private var fromCluster: [Expression] { [source, .compare(.input, equal: true, address.number.networkBytes)] }

    private var source: Expression { .payload(NFT_PAYLOAD_NETWORK_HEADER, offset: 12, length: 4, .input) }

    /// Counts beside the buckets, behind the source in the input register.
    ///
    /// The key is a hash that can be one number only: nft could not read a rule that put in a number.
    private func beside(_ key: UInt32) -> [Expression] {
        [.hostOrder(.input), .hash(length: 4, modulus: 1, seed: placement.seed, offset: key)]
            + aside(.bucket) + [.verdict(.accept)]
    }
}
