import ClusterModel
import Responsibility

/// Puts the samples of one stream together again, and lets nothing in that a well-meaning agent would not send.
public struct SampleDecoder: Sendable {
    private var last: [IPAddress: ClusterSample] = [:]
    private var bareAddresses: [IPAddress] = []
    private var conntrack: ConntrackTable?

    /// A decoder that has received nothing.
    public init() {}

    /// The whole sample after this one arrived.
    ///
    /// - Throws: `AgentFailure` when the sample cannot be right: more than 65,536 buckets, a counter of a bucket that
    ///   does not exist, changes to a cluster address never introduced, a connection-tracking table of impossible size.
    public mutating func decode(_ wire: WireSample) throws(AgentFailure) -> NodeSample {
        guard wire.clusters.count <= 1024 else { throw Self.malformed("\(wire.clusters.count) cluster addresses") }
        var clusters: [IPAddress: ClusterSample] = [:]
        for cluster in wire.clusters {
            clusters[cluster.address] = try Self.merge(cluster, into: wire.isWhole ? nil : last[cluster.address])
        }
        last = clusters
        if let addresses = wire.bareAddresses ?? (wire.isWhole ? [] : nil) {
            bareAddresses = Array(addresses.prefix(64))
        }
        if let table = wire.conntrack, table.count < 0 || table.limit < 1 {
            throw Self.malformed("a connection-tracking table with \(table.count) of \(table.limit) entries")
        }
        conntrack = wire.conntrack ?? (wire.isWhole ? nil : conntrack)
        return NodeSample(
            monotonicNanoseconds: wire.time, generation: wire.generation,
            clusters: clusters.values.sorted { $0.configuration.address < $1.configuration.address },
            changes: (wire.changes ?? []).suffix(16).map {
                RulesetChange(
                    generation: $0.generation, pid: $0.pid, process: $0.process.madeSafe(limit: 32),
                    user: $0.user?.madeSafe(limit: 32))
            }, bareAddresses: bareAddresses, conntrack: conntrack)
    }

    private static func merge(
        _ wire: WireSample.Cluster, into old: ClusterSample?
    ) throws(AgentFailure) -> ClusterSample {
        var sample: ClusterSample
        if let configuration = wire.configuration {
            sample = try introduce(configuration, driver: wire.driver ?? "unknown")
        } else if let old {
            sample = old
        } else {
            throw malformed("changes to \(wire.address), which it never introduced")
        }
        if let ownership = wire.ownership { sample.ownership = ownership }
        if let health = wire.health { sample.health = health }
        if let alterations = wire.alterations {
            sample.alterations = alterations.prefix(64).map { $0.madeSafe(limit: 300) }
        }
        sample.connections = wire.connections
        try update(&sample.counters, with: wire.counters)
        return sample
    }

    private static func introduce(
        _ configuration: ClusterConfiguration, driver: String
    ) throws(AgentFailure) -> ClusterSample {
        guard (1...BucketSet.maximumBucket).contains(configuration.bucketCount) else {
            throw malformed("\(configuration.bucketCount) buckets; 1 to 65536 are possible")
        }
        guard (0...configuration.address.family.bitCount).contains(configuration.prefixLength) else {
            throw malformed("a prefix of \(configuration.prefixLength) bits")
        }
        var safe = configuration
        safe.name = configuration.name.madeSafe(limit: 64)
        safe.interface = configuration.interface.madeSafe(limit: 15)
        return ClusterSample(
            configuration: safe, driver: driver.madeSafe(limit: 32), ownership: Ownership(),
            counters: Array(repeating: BucketCounters(), count: configuration.bucketCount), health: MulticastHealth())
    }

    private static func update(_ counters: inout [BucketCounters], with numbers: [UInt64]) throws(AgentFailure) {
        guard numbers.count % 5 == 0 else { throw malformed("\(numbers.count) counter numbers, not five a bucket") }
        for start in stride(from: 0, to: numbers.count, by: 5) {
            guard numbers[start] >= 1, numbers[start] <= UInt64(counters.count) else {
                throw malformed("counters of bucket \(numbers[start]) of \(counters.count)")
            }
            counters[Int(numbers[start]) - 1] = BucketCounters(
                arrived: PacketCount(packets: numbers[start + 1], bytes: numbers[start + 2]),
                accepted: PacketCount(packets: numbers[start + 3], bytes: numbers[start + 4]))
        }
    }

    private static func malformed(_ what: String) -> AgentFailure {
        AgentFailure(number: -32603, code: .malformed, message: "the agent sent \(what)")
    }
}
