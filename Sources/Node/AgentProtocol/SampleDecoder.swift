import ClusterModel
import Responsibility

/// Puts the samples of one stream together again, and lets nothing in that a well-meaning agent would not send.
public struct SampleDecoder: Sendable {
    private var last: [IPAddress: ClusterSample] = [:]
    private var bareAddresses: [IPAddress] = []
    private var facts = NodeFacts()

    /// The cluster address whose counters are kept; nil: of every one.
    private let address: IPAddress?

    /// A decoder that has received nothing; the counters of other cluster addresses than one are let fall.
    public init(address: IPAddress? = nil) { self.address = address }

    /// The whole sample after this one arrived.
    ///
    /// - Throws: `AgentFailure` when the sample cannot be right: more buckets or addresses than `AgentLimits`, a counter
    ///   of a bucket that does not exist, changes to a cluster address never introduced, an interface's name that Linux
    ///   does not allow, an impossible number of connections.
    public mutating func decode(_ wire: WireSample) throws(AgentFailure) -> NodeSample {
        guard wire.clusters.count <= AgentLimits.addresses else {
            throw AgentLimits.malformed("\(wire.clusters.count) cluster addresses")
        }
        try checkBuckets(wire)
        var clusters: [IPAddress: ClusterSample] = [:]
        for cluster in wire.clusters {
            var merged = try Self.merge(cluster, into: wire.isWhole ? nil : last[cluster.address])
            if address == nil || address == cluster.address {
                try Self.update(&merged, with: cluster.counters)
            } else {
                merged.counters = []
            }
            clusters[cluster.address] = merged
        }
        last = clusters
        if let addresses = wire.bareAddresses ?? (wire.isWhole ? [] : nil) {
            bareAddresses = Array(addresses.prefix(64))
        }
        if wire.isWhole { facts = NodeFacts() }
        facts.take(try Self.bounded(wire.facts))
        return NodeSample(
            monotonicNanoseconds: wire.time, generation: wire.generation,
            clusters: clusters.values.sorted { $0.configuration.address < $1.configuration.address },
            changes: (wire.changes ?? []).suffix(16), bareAddresses: bareAddresses, facts: facts,
            failures: (wire.failures ?? []).prefix(16).map(\.madeSafe))
    }

    /// The facts of a node with no more of each than a node may have; throws for what cannot be.
    private static func bounded(_ facts: NodeFacts) throws(AgentFailure) -> NodeFacts {
        if let table = facts.conntrack, table.count < 0 || table.limit < 1 {
            throw AgentLimits.malformed("a connection-tracking table with \(table.count) of \(table.limit) entries")
        }
        return NodeFacts(conntrack: facts.conntrack, boot: facts.boot?.bounded)
    }

    /// Refuses a sample whose buckets would take more memory than one node may, before any is taken.
    private func checkBuckets(_ wire: WireSample) throws(AgentFailure) {
        let known = wire.isWhole ? [:] : last
        let counts = wire.clusters.map { ($0.configuration ?? known[$0.address]?.configuration)?.bucketCount ?? 0 }
        let total = counts.saturatedSum
        guard total <= AgentLimits.buckets else {
            throw AgentLimits.malformed(
                "\(total) buckets in \(counts.count) cluster addresses; a node may have \(AgentLimits.buckets)")
        }
    }

    private static func merge(
        _ wire: WireSample.Cluster, into old: ClusterSample?
    ) throws(AgentFailure) -> ClusterSample {
        var sample: ClusterSample
        if let configuration = wire.configuration {
            sample = try introduce(
                configuration, driver: wire.driver ?? "unknown",
                wire.capabilities ?? Capabilities(counters: [], abilities: []))
        } else if let old {
            sample = old
        } else {
            throw AgentLimits.malformed("changes to \(wire.address), which it never introduced")
        }
        if let ownership = wire.ownership { sample.ownership = ownership }
        if let time = wire.countedAt { sample.countedAt = time }
        if let health = wire.health { sample.health = health }
        if let alterations = wire.alterations { sample.alterations = Array(alterations.prefix(64)) }
        guard (0...AgentLimits.connections).contains(wire.connections ?? 0) else {
            throw AgentLimits.malformed("a count of \(wire.connections ?? 0) connections")
        }
        sample.connections = wire.connections
        if let notes = wire.notes { sample.notes = notes.bounded }
        if let proof = wire.proof {
            guard (0...AgentLimits.connections).contains(proof.marks), (0...proof.marks).contains(proof.agreeing) else {
                throw AgentLimits.malformed("\(proof.agreeing) of \(proof.marks) marks that agree")
            }
            sample.proof = proof
        }
        if let signs = wire.signs {
            guard signs.misled.count <= AgentLimits.neighbours,
                signs.strays.keys.allSatisfy({ $0 <= sample.configuration.bucketCount })
            else { throw AgentLimits.malformed("signs of buckets or neighbours that it cannot have") }
            sample.signs = signs
            if case .reversePath(_, let name)? = signs.obstacle, !InterfaceName.isValid(name) {
                sample.signs?.obstacle = nil
            }
        }
        return sample
    }

    private static func introduce(
        _ configuration: ClusterConfiguration, driver: String, _ capabilities: Capabilities
    ) throws(AgentFailure) -> ClusterSample {
        guard (1...BucketSet.maximumBucket).contains(configuration.bucketCount) else {
            throw AgentLimits.malformed("\(configuration.bucketCount) buckets; 1 to 65536 are possible")
        }
        guard (0...configuration.address.family.bitCount).contains(configuration.prefixLength) else {
            throw AgentLimits.malformed("a prefix of \(configuration.prefixLength) bits")
        }
        guard InterfaceName.isValid(configuration.interface) else {
            throw AgentLimits.malformed(
                "an interface \"\(configuration.interface.madeSafe(limit: 40))\"; Linux has no such names")
        }
        var safe = configuration
        safe.name = configuration.name.madeSafe(limit: 64)
        let counted = capabilities.counters
        return ClusterSample(
            configuration: safe, driver: driver.madeSafe(limit: 32), capabilities: capabilities,
            ownership: Ownership(),
            counters: counted.isEmpty
                ? [] : Array(repeating: BucketCounters(zero: counted), count: configuration.bucketCount),
            health: MulticastHealth())
    }

    private static func update(_ sample: inout ClusterSample, with numbers: [UInt64?]) throws(AgentFailure) {
        let counted = Counter.allCases.filter(sample.capabilities.counters.contains)
        let width = 1 + 2 * counted.count
        guard numbers.count % width == 0 else {
            throw AgentLimits.malformed("\(numbers.count) counter numbers, not \(width) a bucket")
        }
        for start in stride(from: 0, to: numbers.count, by: width) {
            guard let bucket = numbers[start], bucket >= 1, bucket <= UInt64(sample.counters.count) else {
                throw AgentLimits.malformed(
                    "counters of bucket \(numbers[start].map { "\($0)" } ?? "null") of \(sample.counters.count)")
            }
            for (place, counter) in counted.enumerated() {
                let (packets, bytes) = (numbers[start + 1 + 2 * place], numbers[start + 2 + 2 * place])
                sample.counters[Int(bucket) - 1][counter] = packets.flatMap { packets in
                    bytes.map { PacketCount(packets: packets, bytes: $0) }
                }
            }
        }
    }
}

extension ClusterNotes {
    /// The notes with as many names and operations as a node may have, made safe for a terminal.
    fileprivate var bounded: Self {
        Self(
            members: members.map { $0.prefix(AgentLimits.members).map { $0.madeSafe(limit: AgentLimits.name) } },
            operations: operations.prefix(AgentLimits.operations).map { record in
                OperationRecord(
                    operation: record.operation.madeSafe(limit: OperationMark.lengthLimit), note: record.note,
                    buckets: record.buckets)
            })
    }
}

extension BootFacts {
    /// The facts with as many addresses as a node may have.
    fileprivate var bounded: Self {
        Self(
            guarded: Array(guarded.prefix(AgentLimits.addresses)),
            members: members.map { Array($0.prefix(AgentLimits.addresses)) })
    }
}

extension DriverFailure {
    /// The failure with its name and sentence cut and made safe for a terminal.
    fileprivate var madeSafe: Self {
        Self(
            driver: driver.madeSafe(limit: AgentLimits.name), code: FailureCode(rawValue: code.rawValue),
            message: message.madeSafe(limit: AgentLimits.sentence))
    }
}
