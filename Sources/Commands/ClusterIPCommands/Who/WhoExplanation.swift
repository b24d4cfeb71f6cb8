import ClusterModel
import Responsibility
import Wording

/// `--explain`: every step from the flow to the bucket, and what each node does with the flow's packets.
struct WhoExplanation {
    private let answer: WhoAnswer

    init(_ answer: WhoAnswer) { self.answer = answer }

    var text: String { arithmetic + nodes }

    private var arithmetic: String {
        let trace = answer.trace
        var text = heading
        for word in trace.words { text += "\(Self.hex(word.value))  \(word.name): \(word.origin)\n" }
        let count = trace.words.count
        text += "\(Self.hex(trace.seed))  seed\n"
        text += "\(Self.hex(trace.hash))  jhash of \(count) word\(count == 1 ? "" : "s") with the seed\n"
        return text
            + "bucket     (\(trace.hash) × \(trace.bucketCount)) >> 32, plus \(trace.firstBucket) = \(trace.bucket)\n"
    }

    private var heading: String {
        switch answer.scheme {
        case .clusterIP(let placement):
            "hash mode  \(placement.mode.rawValue)\n" + kernel(placement.generation, placement.byteOrder)
        case .clusterMatch(let match):
            "scheme     cluster-match: the source of the connection's original direction\n"
                + kernel(match.generation, match.byteOrder)
        case .nft(let hash): "scheme     nft \(hash)\n"
        }
    }

    /// The node's kernel, where it is not today's on the usual processors.
    private func kernel(_ generation: JhashGeneration, _ order: ByteOrder) -> String {
        guard generation != .lookup3 || order != .little else { return "" }
        return "kernel     \(generation.kernels), \(order.rawValue)-endian\n"
    }

    /// What each node does with a packet of the flow, by the rules that it has.
    private var nodes: String {
        guard let snapshot = answer.basis.snapshot else { return "" }
        let flow = answer.flow
        let isTCP = flow.transport == .tcp
        let middle: [(title: String, alignment: TextTable.Alignment)] =
            isTCP ? [("OPENING PACKET", .left), ("STRAY SEGMENT", .left)] : [("PACKET", .left)]
        var table = TextTable(
            [("NODE", .left), ("RULES", .left), ("HOLDS", .left)] + middle + [("NO CONNTRACK", .left)])
        for node in snapshot.nodes {
            let state = node.ownership.state(of: answer.trace.bucket)
            let rules = NodeRules(of: node, answer.scheme)
            let takesUp = node.sample?.capabilities.can(.ignoring) == false
            func decide(_ connection: ConnectionState, _ flags: TCPFlags) -> String {
                let packet = Packet(flow: flow, connection: connection, tcpFlags: flags)
                let reason = rules.reason(for: packet, holding: state?.holding ?? .none)
                return reason.accepts ? "accepted" : "dropped: \(reason.rawValue)"
            }
            table.add(
                [
                    node.name + (node.state == .live ? "" : " (\(node.state.rawValue))"), node.sample?.driver ?? "-",
                    state?.rawValue ?? "-",
                ] + [decide(.new, .syn)] + (isTCP ? [decide(rules.stray(takesUp: takesUp), .ack)] : [])
                    + [decide(.untracked, .syn)])
        }
        return "\n" + table.text + (isTCP ? Self.aboutTCP : "") + about(snapshot)
    }

    private static let aboutTCP = "stray segment: one that opens nothing, of a connection that the node does not know\n"

    /// What the rules that some node has do beside that.
    private func about(_ snapshot: ClusterSnapshot) -> String {
        let found = Set(snapshot.nodes.map { NodeRules(of: $0, answer.scheme) })
        let isTCP = answer.flow.transport == .tcp
        return NodeRules.allCases.filter(found.contains).map { $0.note(isTCP: isTCP) }.joined()
    }

    private static func hex(_ word: UInt32) -> String {
        let digits = String(word, radix: 16)
        return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
    }
}

extension BucketState {
    /// The same, as the rules know it.
    fileprivate var holding: Holding {
        switch self {
        case .owned: .owned
        case .draining: .draining
        case .adopted: .adopted
        }
    }
}

extension NodeRules {
    /// Those of a node; one that was never heard is taken to have our table.
    fileprivate init(of node: NodeStatus, _ scheme: HashScheme) {
        switch node.sample?.driver {
        case "ipt_CLUSTERIP": self = .target
        case "xt_cluster": self = .match
        case "IPaddr2":
            switch scheme {
            case .nft: self = .jhash
            case .clusterMatch: self = .match
            case .clusterIP: self = .target
            }
        default: self = .table
        }
    }

    /// What they do beside what the table says.
    fileprivate func note(isTCP: Bool) -> String {
        switch self {
        case .table:
            isTCP
                ? "our table answers TCP segments of connections established on a node, and ICMP errors about them, always\n"
                : "our table answers ICMP errors about a connection that a node knows always\n"
        case .target: "ipt_CLUSTERIP hashes every packet anew: connections end on a node that gives their bucket away\n"
        case .match: "xt_cluster hashes who opened the connection, and matches no packet without conntrack\n"
        case .jhash: "jhash reads the packet itself: ICMP errors go where the router that sent them is hashed to\n"
        }
    }
}
