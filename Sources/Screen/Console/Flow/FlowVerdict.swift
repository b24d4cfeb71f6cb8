import ClusterModel
import FlowReading
import Responsibility

/// What the cluster does with a flow that was typed.
enum FlowAnswer: Hashable, Sendable {
    /// The flow is one of one bucket.
    case exact(FlowVerdict)
    /// A port that is hashed is missing: the client's connections spread.
    case spread(FlowSpread)
    /// The destination port is hashed and is missing, too.
    case needsDestinationPort(Flow)
    /// The text is no flow of this cluster; the sentence says why.
    case unreadable(String)

    /// The answer by what the nodes last said.
    init(_ text: String, snapshot: ClusterSnapshot) {
        do throws(TypedFlowError) {
            let typed = try TypedFlow(text, destination: snapshot.configuration.address)
            let missing = typed.missingPorts.intersection(snapshot.configuration.scheme.ports)
            do throws(HashSchemeError) {
                if missing.contains(.destination) {
                    self = .needsDestinationPort(typed.flow)
                } else if missing.contains(.source) {
                    self = .spread(try FlowSpread(typed.flow, snapshot: snapshot))
                } else {
                    self = .exact(try FlowVerdict(typed.flow, snapshot: snapshot))
                }
            } catch { self = .unreadable(error.description) }
        } catch { self = .unreadable(error.description) }
    }

    /// Who answers, when that is one node.
    var verdict: FlowVerdict? { if case .exact(let verdict) = self { verdict } else { nil } }
}

/// Who answers a flow, how that was computed, and what may prevent it.
struct FlowVerdict: Hashable, Sendable {
    /// The flow.
    var flow: Flow
    /// Its bucket by the cluster's settings.
    var bucket: Int
    /// Index of the node that answers its first packet; nil for an orphan.
    var owner: Int?
    /// Indices of the nodes that drain the bucket: they keep the connections that they have.
    var keepers: [Int]
    /// How the bucket was computed.
    var trace: HashTrace
    /// Why it might not be answered, or not by that node alone; empty when nothing is known against it.
    var doubts: [String]

    /// The verdict by what the nodes last said; throws when the cluster does not place such a flow.
    init(_ flow: Flow, snapshot: ClusterSnapshot) throws(HashSchemeError) {
        let trace = try snapshot.configuration.scheme.trace(of: flow)
        self.flow = flow
        self.trace = trace
        bucket = trace.bucket
        owner = snapshot.coverage.owner(of: trace.bucket)
        keepers = snapshot.nodes.indices.filter { snapshot.nodes[$0].ownership.draining.contains(trace.bucket) }
        doubts = Self.doubts(flow, bucket: trace.bucket, owner: owner, snapshot: snapshot)
    }

    private static func doubts(_ flow: Flow, bucket: Int, owner: Int?, snapshot: ClusterSnapshot) -> [String] {
        var doubts: [String] = []
        if flow.destination != snapshot.configuration.address {
            doubts.append("\(flow.destination) is not the cluster address \(snapshot.configuration.address)")
        }
        if flow.transport == .udpLite {
            doubts.append("connection tracking may call UDP-Lite packets invalid: no node accepts those")
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
}

/// How the connections of one client, whose port is not given, spread over buckets and nodes.
struct FlowSpread: Hashable, Sendable {
    /// The ports that a client's connections have.
    static let ports: ClosedRange<UInt16> = 1024...65_535

    /// The flow without its source port.
    var flow: Flow
    /// How many of the ports fall into bucket i+1, at index i.
    var buckets: [Int]
    /// How many of them each node answers.
    var nodes: [Int]
    /// How many of them nobody answers.
    var unanswered = 0

    /// The spread by what the nodes last said; throws when the cluster does not place such a flow.
    init(_ flow: Flow, snapshot: ClusterSnapshot) throws(HashSchemeError) {
        let placed = try Self.placed(flow, snapshot.configuration.scheme)
        self.flow = flow
        buckets = Array(repeating: 0, count: snapshot.coverage.owners.count)
        nodes = Array(repeating: 0, count: snapshot.nodes.count)
        for bucket in placed where buckets.indices.contains(Int(bucket) - 1) { buckets[Int(bucket) - 1] += 1 }
        for (bucket, count) in buckets.enumerated() {
            if let owner = snapshot.coverage.owners[bucket] { nodes[owner] += count } else { unanswered += count }
        }
    }

    /// The buckets of the flow with each of the ports.
    private static func placed(_ flow: Flow, _ scheme: HashScheme) throws(HashSchemeError) -> [UInt32] {
        if case .clusterIP(let placement) = scheme, let source = flow.source.v4 {
            let ports = Array(Self.ports)
            let placed = try? placement.buckets(
                sources: Array(repeating: source.number, count: ports.count), sourcePorts: ports,
                destinationPorts: Array(repeating: flow.destinationPort, count: ports.count))
            return placed ?? []
        }
        return try Self.ports.map { (port) throws(HashSchemeError) in
            var flow = flow
            flow.sourcePort = port
            return UInt32(clamping: try scheme.bucket(of: flow))
        }
    }
}
