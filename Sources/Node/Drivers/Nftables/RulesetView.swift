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
        /// The number of the table, which one that was made anew does not have.
        let handle: UInt64
        /// The elements of each ownership set.
        var elements: [String: BucketSet]
        var ownership: Ownership
        var operations: [Int: String]
        var alterations: [Alteration]
        var arpIsRight: Bool
        /// How the node is guarded.
        var guardState = GuardState.missing
        /// The members that the table lists by key; nil when it has no such list.
        var members: [Int: String]?
        /// What is noted of operations; nil when the table has no set for it.
        var notes: [String: OperationNote]?
        /// Which operations wrote the present states; nil when that is to be worked out again.
        private var records: [OperationRecord]?

        var configuration: ClusterConfiguration { stored.configuration }
        var address: IPAddress { configuration.address }
        var tableName: String { stored.table.name }
        var table: BucketTable { stored.table }

        init(_ stored: StoredConfiguration, _ found: FoundTable) {
            self.stored = stored
            handle = found.handle
            elements = found.elements.mapValues { BucketSet($0.keys) }
            (ownership, operations) = (found.ownership, found.operations)
            alterations = found.alterations(from: stored.table)
            arpIsRight = found.arpIsRight(stored.table)
            members = found.notes[BucketTable.members]
            notes = found.notes[BucketTable.operations].map { lines in
                Dictionary(lines.values.compactMap(OperationNote.parse).map { ($0.operation, $0.note) }) { $1 }
            }
        }

        /// What the kernel notes of members and operations; worked out when it is asked for, since a step must not wait for it.
        mutating func kept() -> ClusterNotes {
            let records = records ?? OperationRecord.records(of: operations, notes: notes ?? [:])
            self.records = records
            let names = members.map { $0.values.sorted() } ?? []
            return ClusterNotes(members: names.isEmpty ? nil : names, operations: records)
        }

        /// What a transaction of ours has made of the ownership sets and of the notes.
        mutating func apply(_ changes: [StepRequest.Change], operation: String, _ note: OperationNote?) {
            if let note, let id = OperationMark(parsing: operation)?.operation, !table.layout.noteSets.isEmpty {
                notes = (notes ?? [:]).merging([id: note]) { $1 }
            }
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
            records = nil
        }
    }

    /// Follows a transaction of ours, which the kernel accepted at this view's generation: nobody else's came in between.
    mutating func apply(
        _ changes: [StepRequest.Change], to address: IPAddress, operation: String, _ note: OperationNote?
    ) {
        advance()
        guard let index = clusters.firstIndex(where: { $0.address == address }) else { return }
        clusters[index].apply(changes, operation: operation, note)
        // A step may mend what another program has done to the sets.
        if !clusters[index].alterations.isEmpty { generation = 0 }
    }

    /// Follows a transaction of ours that took buckets out of the set that spares segments.
    mutating func tidy(_ idle: BucketSet, of address: IPAddress) {
        advance()
        guard let index = clusters.firstIndex(where: { $0.address == address }) else { return }
        let sticky = clusters[index].elements[BucketTable.sticky]
        clusters[index].elements[BucketTable.sticky] = sticky?.subtracting(idle)
    }

    /// A commit raises the generation by one, and never to 0.
    private mutating func advance() { generation = generation == .max ? 1 : generation + 1 }

    /// The generation that everything here belongs to.
    var generation: UInt32
    /// The clusters, in ascending order of address.
    var clusters: [Cluster] = []
    /// The guards of all addresses.
    var guards: FoundGuards

    /// What there is where the kernel has no nf_tables.
    static let none = RulesetView()

    private init() { (generation, guards) = (0, FoundGuards()) }

    /// Reads all tables of clusterip; the reader's caller makes sure that the generation is still the same afterwards.
    ///
    /// A table in which no set describes a cluster is none of ours.
    init(_ reader: RulesetReader, generation: UInt32) throws(KernelError) {
        self.generation = generation
        let tables = try reader.tables(family: AF_INET)
        guards = try FoundGuards(reader, tables: tables)
        for name in tables {
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
            var cluster = Cluster(stored, found)
            cluster.guardState = guards.state(of: stored.table.guardTable)
            clusters.append(cluster)
        }
        clusters.sort { $0.address < $1.address }
    }
}
