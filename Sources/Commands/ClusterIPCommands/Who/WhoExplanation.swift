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

    /// What each node does with a packet of the flow, by the rules of its table.
    private var nodes: String {
        guard let snapshot = answer.basis.snapshot, case .clusterIP(let placement) = snapshot.configuration.scheme
        else {
            return ""
        }
        let flow = answer.flow
        let isTCP = flow.transport == .tcp
        let middle: [(title: String, alignment: TextTable.Alignment)] =
            isTCP ? [("OPENING PACKET", .left), ("STRAY SEGMENT", .left)] : [("PACKET", .left)]
        var table = TextTable([("NODE", .left), ("HOLDS", .left)] + middle + [("NO CONNTRACK", .left)])
        for node in snapshot.nodes {
            let state = node.ownership.state(of: answer.trace.bucket)
            func decide(_ connection: ConnectionState, _ flags: TCPFlags) -> String {
                let packet = Packet(flow: flow, connection: connection, tcpFlags: flags)
                let table = ClusterTable(placement: placement)
                let verdict = table.decide(packet) { _ in state?.holding ?? .none }
                return verdict.accepts ? "accepted" : "dropped: \(verdict.reason.rawValue)"
            }
            table.add(
                [node.name + (node.state == .live ? "" : " (\(node.state.rawValue))"), state?.rawValue ?? "-"]
                    + (isTCP ? [decide(.new, .syn), decide(.invalid, .ack)] : [decide(.new, .syn)])
                    + [decide(.untracked, .syn)])
        }
        return "\n" + table.text + (isTCP ? Self.aboutTCP : Self.aboutOthers)
    }

    private static let aboutTCP = """
        stray segment: one that opens nothing, of a connection that is not established on that node
        TCP segments of a connection established on a node, and ICMP errors about it, are answered there always

        """
    private static let aboutOthers = "ICMP errors about a connection that a node knows are answered there always\n"

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
