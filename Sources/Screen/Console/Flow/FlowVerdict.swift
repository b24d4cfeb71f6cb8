import ClusterModel
import Responsibility

/// Who answers a flow, how that was computed, and what may prevent it.
struct FlowVerdict: Hashable, Sendable {
    /// One line of the arithmetic: what it is, the value, and where it comes from.
    struct Line: Hashable, Sendable {
        var label: String
        var value: String
        var comment: String
    }

    /// The flow.
    var flow: Flow
    /// Its bucket by the cluster's settings.
    var bucket: Int
    /// Index of the node that answers its first packet; nil for an orphan.
    var owner: Int?
    /// The arithmetic.
    var arithmetic: [Line]
    /// Why it might not be answered, or not by that node alone; empty when nothing is known against it.
    var doubts: [String]

    /// The verdict by what the nodes last said; throws when the cluster does not place such a flow.
    init(_ flow: Flow, snapshot: ClusterSnapshot) throws(HashSchemeError) {
        let scheme = snapshot.configuration.scheme
        let trace = try scheme.trace(of: flow)
        self.flow = flow
        bucket = trace.bucket
        owner = snapshot.coverage.owner(of: bucket)
        if case .clusterIP(let placement) = scheme {
            arithmetic = Self.arithmetic(flow, placement, trace)
        } else {
            arithmetic = Self.arithmetic(trace)
        }
        doubts = Self.doubts(flow, bucket: bucket, owner: owner, snapshot: snapshot)
    }

    /// The lines for a scheme other than ipt_CLUSTERIP's.
    private static func arithmetic(_ trace: HashTrace) -> [Line] {
        trace.words.enumerated().map { index, word in
            Line(label: "word \(index + 1)", value: hex(word.value), comment: "\(word.name): \(word.origin)")
        } + [
            Line(label: "seed", value: hex(trace.seed), comment: "\(trace.seed)"),
            Line(label: "jhash", value: hex(trace.hash), comment: "\(trace.hash)"),
            Line(
                label: "bucket", value: "\(trace.bucket)",
                comment: "(\(trace.hash) x \(trace.bucketCount) >> 32) + \(trace.firstBucket)"),
        ]
    }

    private static func arithmetic(_ flow: Flow, _ placement: Placement, _ trace: HashTrace) -> [Line] {
        let (count, hash) = (placement.mode.wordCount, trace.hash)
        let hasPorts = flow.transport.portsOffset != nil
        let address = trace.words.first?.value ?? 0
        var lines = [Line(label: "word 1", value: hex(address), comment: "source address \(flow.source)")]
        let ports = [("source port", flow.sourcePort), ("destination port", flow.destinationPort)]
        for (index, (name, port)) in ports.enumerated() where index + 1 < count {
            lines.append(
                Line(
                    label: "word \(index + 2)", value: hex(hasPorts ? UInt32(port.byteSwapped) : 0),
                    comment: hasPorts ? "\(name) \(port), bytes swapped" : "\(flow.transport) is hashed without ports"))
        }
        let start = Jhash.initialValue &+ UInt32(truncatingIfNeeded: count) << 2 &+ placement.seed
        lines.append(
            Line(label: "start", value: hex(start), comment: "0xdeadbeef + 4 x \(count) + seed \(placement.seed)"))
        lines.append(Line(label: "jhash", value: hex(hash), comment: "\(hash)"))
        lines.append(
            Line(label: "bucket", value: "\(trace.bucket)", comment: "(\(hash) x \(placement.bucketCount) >> 32) + 1"))
        return lines
    }

    private static func doubts(_ flow: Flow, bucket: Int, owner: Int?, snapshot: ClusterSnapshot) -> [String] {
        var doubts: [String] = []
        if flow.destination != snapshot.configuration.address {
            doubts.append("\(flow.destination) is not the cluster address \(snapshot.configuration.address)")
        }
        if owner == nil { doubts.append("bucket \(bucket) is an orphan: no node answers it") }
        for (index, node) in snapshot.nodes.enumerated() {
            doubts += Self.doubts(flow, bucket: bucket, node: node, isOwner: index == owner, snapshot: snapshot)
        }
        return doubts
    }

    private static func doubts(
        _ flow: Flow, bucket: Int, node: NodeStatus, isOwner: Bool, snapshot: ClusterSnapshot
    ) -> [String] {
        var doubts: [String] = []
        let state = node.ownership.state(of: bucket)
        switch node.state {
        case .unreachable where state?.acceptsNewFlows == true && !isOwner:
            doubts.append("\(node.name) owned the bucket and is unreachable: it may still answer")
        case .stale where isOwner: doubts.append("\(node.name) is stale: it may have stopped answering")
        case .connecting: doubts.append("\(node.name) was not heard yet")
        default: break
        }
        guard let sample = node.sample, node.state != .unreachable else { return doubts }
        if state?.acceptsNewFlows == true, !isOwner {
            doubts.append("\(node.name) answers bucket \(bucket) too: clients get two answers")
        }
        if state == .draining {
            doubts.append("\(node.name) drains bucket \(bucket): it answers connections it already has")
        }
        if state == .adopted { doubts.append("\(node.name) adopted the bucket: unknown connections are reset") }
        if isOwner, !sample.health.isGood {
            doubts.append("\(node.name) \(HealthWords.words(sample.health).joined(separator: ", "))")
        }
        let own = sample.configuration.scheme
        if own != snapshot.configuration.scheme, let bucket = try? own.bucket(of: flow) {
            doubts.append("\(node.name) has other settings and places this flow in bucket \(bucket)")
        }
        return doubts
    }

    /// A 32-bit word as 0x and eight hex digits.
    static func hex(_ word: UInt32) -> String {
        let digits = String(word, radix: 16)
        return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
    }
}
