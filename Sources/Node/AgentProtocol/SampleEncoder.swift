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
            facts: sample.facts.news(since: last?.facts ?? NodeFacts()),
            failures: sample.failures.isEmpty ? nil : Array(sample.failures.prefix(16)))
    }

    private static func changes(from old: ClusterSample?, to new: ClusterSample) -> WireSample.Cluster {
        let sameSettings =
            old?.configuration == new.configuration && old?.driver == new.driver
            && old?.capabilities == new.capabilities
        let base = sameSettings ? old : nil
        return WireSample.Cluster(
            address: new.configuration.address,
            configuration: base == nil ? new.configuration : nil,
            driver: base == nil ? new.driver : nil,
            capabilities: base == nil ? new.capabilities : nil,
            ownership: base?.ownership == new.ownership ? nil : new.ownership,
            counters: changedCounters(from: base, to: new),
            countedAt: base?.countedAt == new.countedAt ? nil : new.countedAt,
            health: base?.health == new.health ? nil : new.health,
            alterations: base?.alterations == new.alterations ? nil : new.alterations,
            connections: new.connections,
            notes: (base?.notes ?? ClusterNotes()) == new.notes ? nil : new.notes,
            signs: base?.signs == new.signs ? nil : new.signs,
            proof: base?.proof == new.proof ? nil : new.proof)
    }

    private static func changedCounters(from base: ClusterSample?, to new: ClusterSample) -> [UInt64?] {
        if let base, base.countedAt != nil, base.countedAt == new.countedAt { return [] }
        let old = base?.counters ?? []
        let counted = Counter.allCases.filter(new.capabilities.counters.contains)
        guard !counted.isEmpty else { return [] }
        let zero = BucketCounters(zero: new.capabilities.counters)
        var numbers: [UInt64?] = []
        for (index, counters) in new.counters.enumerated() {
            guard counters != (index < old.count ? old[index] : zero) else { continue }
            numbers.append(UInt64(index + 1))
            for counter in counted {
                numbers.append(contentsOf: [counters[counter]?.packets, counters[counter]?.bytes])
            }
        }
        return numbers
    }
}
