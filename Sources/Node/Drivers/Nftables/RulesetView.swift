import CNetfilter
import ClusterModel
import Glibc
import LinuxNode
import Responsibility

/// All cluster addresses in the ruleset at one generation.
struct RulesetView {
    /// One cluster address.
    struct Cluster {
        var stored: StoredConfiguration
        /// The elements of each ownership set.
        var elements: [String: BucketSet]
        var ownership: Ownership
        var operations: [Int: String]
        var alterations: [Alteration]
        var arpIsRight: Bool

        var configuration: ClusterConfiguration { stored.configuration }
        var address: IPAddress { configuration.address }
        var tableName: String { stored.table.name }
        var table: BucketTable { stored.table }

        /// What a transaction of ours has made of the ownership sets.
        mutating func apply(_ changes: [StepRequest.Change], operation: String) {
            for change in changes {
                let sets = BucketTable.sets(holding: change.to)
                for set in BucketTable.ownershipSets {
                    if sets.contains(set) {
                        elements[set, default: []].insert(change.bucket)
                    } else {
                        elements[set, default: []].remove(change.bucket)
                    }
                }
                if change.to != nil || ownership.state(of: change.bucket) != nil {
                    elements[BucketTable.sticky]?.insert(change.bucket)
                }
                ownership.set(change.bucket, to: change.to)
                operations[change.bucket] = operation
            }
        }
    }

    /// Follows a transaction of ours, which the kernel accepted at this view's generation: nobody else's came in between.
    mutating func apply(_ changes: [StepRequest.Change], to address: IPAddress, operation: String) {
        generation = generation == .max ? 1 : generation + 1
        guard let index = clusters.firstIndex(where: { $0.address == address }) else { return }
        clusters[index].apply(changes, operation: operation)
        // A step may mend what another program has done to the sets.
        if !clusters[index].alterations.isEmpty { generation = 0 }
    }

    /// The generation that everything here belongs to.
    var generation: UInt32
    /// The clusters, in ascending order of address.
    var clusters: [Cluster] = []

    /// Reads all tables of clusterip; the reader's caller makes sure that the generation is still the same afterwards.
    ///
    /// A table in which no set describes a cluster is none of ours.
    init(_ reader: RulesetReader, generation: UInt32) throws(KernelError) {
        self.generation = generation
        for name in try reader.tables(family: AF_INET) {
            guard let address = BucketTable.address(ofTable: name) else { continue }
            let found: FoundTable
            do {
                found = try reader.table(name)
            } catch {
                if error.number == ENOENT { continue }
                throw error
            }
            guard let layout = TableLayout(describedIn: found.sets.keys),
                let text = found.sets[layout.describingSet]?.comment, var stored = StoredConfiguration(text),
                stored.table.address == address
            else { continue }
            stored.table.layout = layout
            let table = stored.table
            clusters.append(
                Cluster(
                    stored: stored, elements: found.elements.mapValues { BucketSet($0.keys) },
                    ownership: found.ownership,
                    operations: found.operations, alterations: found.alterations(from: table),
                    arpIsRight: found.arpIsRight(table)))
        }
        clusters.sort { $0.address < $1.address }
    }
}
