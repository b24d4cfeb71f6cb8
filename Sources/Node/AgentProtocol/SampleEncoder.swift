import ClusterModel

/// Turns samples into what must be sent of them; one for every stream.
public struct SampleEncoder: Sendable {
    private var last: NodeSample?

    /// An encoder that has sent nothing.
    public init() {}

    /// What must be sent so that the other side knows this sample whole.
    public mutating func encode(_ sample: NodeSample) -> WireSample {
        defer { last = sample }
        return WireSample(
            time: sample.monotonicNanoseconds, generation: sample.generation, isWhole: last == nil,
            clusters: sample.clusters.map { cluster in
                Self.changes(
                    from: last?.clusters.first { $0.configuration.address == cluster.configuration.address },
                    to: cluster)
            }, changes: sample.changes.isEmpty ? nil : sample.changes.suffix(16),
            bareAddresses: last?.bareAddresses == sample.bareAddresses ? nil : Array(sample.bareAddresses.prefix(64)),
            conntrack: last?.conntrack == sample.conntrack ? nil : sample.conntrack)
    }

    private static func changes(from old: ClusterSample?, to new: ClusterSample) -> WireSample.Cluster {
        let sameSettings = old?.configuration == new.configuration && old?.driver == new.driver
        let base = sameSettings ? old : nil
        return WireSample.Cluster(
            address: new.configuration.address,
            configuration: base == nil ? new.configuration : nil,
            driver: base == nil ? new.driver : nil,
            ownership: base?.ownership == new.ownership ? nil : new.ownership,
            counters: changedCounters(from: base?.counters ?? [], to: new.counters),
            health: base?.health == new.health ? nil : new.health,
            alterations: base?.alterations == new.alterations ? nil : new.alterations,
            connections: new.connections)
    }

    private static func changedCounters(from old: [BucketCounters], to new: [BucketCounters]) -> [UInt64] {
        var numbers: [UInt64] = []
        for (index, counters) in new.enumerated() {
            let before = index < old.count ? old[index] : BucketCounters()
            guard counters != before else { continue }
            numbers += [
                UInt64(index + 1), counters.arrived.packets, counters.arrived.bytes, counters.accepted.packets,
                counters.accepted.bytes,
            ]
        }
        return numbers
    }
}
