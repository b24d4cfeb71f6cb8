import Responsibility

/// Clients that are not served although their buckets have an owner that lets them in.
public enum ServiceFinding: Hashable, Sendable {
    /// Packets are let in, and none is replied to as before; the nodes that do reply.
    case notReplying(
        ServiceRecord.Silence, formerShare: Double?, replying: [String], obstacle: WayBackObstacle? = nil)
    /// TCP segments reach the owner of their buckets, and no node knows their connections.
    case connectionsLost(segments: Double, seconds: Double)
    /// Neighbours send frames for the cluster address to the node's own MAC; how many packets each.
    case neighboursMisled(IPAddress, [MACAddress: Double], seconds: Double)

    /// The stable name.
    public var code: String {
        switch self {
        case .notReplying: "not_replying"
        case .connectionsLost: "connections_lost"
        case .neighboursMisled: "neighbours_misled"
        }
    }

    /// How bad it is.
    public var severity: Finding.Severity {
        switch self {
        case .notReplying(let silence, _, let replying, _):
            // Where only the kernel still replies, or no node replies any more, clients may have changed their ways.
            replying.isEmpty
                ? (silence.isCertain && silence.refused > 0 ? .critical : .warning)
                : (silence.refused > 0 || silence.isCertain && silence.bare == 0 ? .critical : .warning)
        case .connectionsLost: .warning
        case .neighboursMisled: .critical
        }
    }
}

extension ClusterSnapshot {
    /// So many segments of no connection must have come, since one may be late.
    private static let leastStrays = 5.0

    /// Everything about whether a node's clients are served.
    func serviceFindings(_ node: NodeStatus, _ sample: ClusterSample) -> [Finding] {
        guard let record = node.service else { return [] }
        return silence(of: node, record, sample) + lostConnections(of: node, record) + misled(node, record)
    }

    private func silence(of node: NodeStatus, _ record: ServiceRecord, _ sample: ClusterSample) -> [Finding] {
        guard case .silent(let silence) = record.state else { return [] }
        let replying = nodes.filter { $0.name != node.name && $0.state == .live && $0.service?.state == .replying }
            .map(\.name)
        let mending: Remedy =
            switch record.obstacle {
            case .noRoute, .reversePath: .mendRoute(node: node.name)
            case .dropped: .mendFirewall(node: node.name)
            case nil: .mendService(node: node.name)
            }
        let canMove = !sample.ownership.accepting.isEmpty && !replying.isEmpty
        return [
            Finding(
                .service(
                    .notReplying(
                        silence, formerShare: record.formerShare, replying: replying, obstacle: record.obstacle)),
                node: node.name,
                buckets: sample.ownership.accepting,
                remedy: canMove ? .first(mending, meanwhile: .drain(node: node.name, isImmediate: true)) : mending)
        ]
    }

    private func lostConnections(of node: NodeStatus, _ record: ServiceRecord) -> [Finding] {
        let lost = lostSegments(of: node)
        let segments = lost.values.reduce(0, +)
        guard segments >= Self.leastStrays else { return [] }
        // Adopting takes half a minute: nodes that lost theirs together are helped together.
        let isAlone = !nodes.contains { $0.name != node.name && !lostSegments(of: $0).isEmpty }
        return [
            Finding(
                .service(.connectionsLost(segments: segments, seconds: record.seconds)), node: node.name,
                buckets: BucketSet(lost.keys), remedy: .adopt(node: isAlone ? node.name : nil))
        ]
    }

    /// Segments of connections that a node, their owner, does not know, and no other node accepts either, by bucket.
    ///
    /// A connection that stays with the former owner of a bucket sends its segments past the new one; then that owner
    /// accepts packets of the bucket. What a node that is not heard accepts is not known, so nothing is lost then for sure.
    public func lostSegments(of node: NodeStatus) -> [Int: Double] {
        guard let record = node.service, nodes.allSatisfy({ $0.state == .live }) else { return [:] }
        let elsewhere = nodes.filter { $0.name != node.name }
        return record.strays.filter { bucket, _ in
            node.ownership.owned.contains(bucket)
                && elsewhere.allSatisfy { other in
                    !other.ownership.draining.contains(bucket)
                        && !(other.rates.indices.contains(bucket - 1)
                            && (other.rates[bucket - 1].accepted?.packetsPerSecond ?? 0) > 0)
                }
        }
    }

    private func misled(_ node: NodeStatus, _ record: ServiceRecord) -> [Finding] {
        guard !record.misled.isEmpty else { return [] }
        let announcing = Remedy.announce
        return [
            Finding(
                .service(.neighboursMisled(configuration.address, record.misled, seconds: record.seconds)),
                node: node.name,
                remedy: node.sample?.health.arpRewritten == false
                    ? .inOrder([.reinstall(node: node.name), announcing]) : announcing)
        ]
    }
}
