import CNetfilter
import ClusterModel
import Glibc
import LinuxNode
import NodeDriver
import Responsibility

extension NftablesDriver {
    /// How often a step is tried against a ruleset that others change meanwhile.
    private static let attempts = 32

    /// Applies one step as a compare-and-set, in one transaction that names the generation which was read before it.
    ///
    /// A change that the same operation has already made counts as applied, so that a step whose answer was lost can be sent
    /// again.
    public func apply(_ step: StepRequest, note: OperationNote?) throws(DriverError) -> StepOutcome {
        for _ in 0..<Self.attempts {
            let cluster = try cluster(step.address)
            try StepCheck.check(step, total: cluster.configuration.bucketCount, driver: description)
            let changes: [StepRequest.Change]
            switch StepCheck.decide(step, found: cluster.ownership, operations: cluster.operations) {
            case .refuse(let mismatches): return .refused(mismatches)
            case .write(let open): changes = open
            }
            guard !changes.isEmpty, let generation = view?.generation else { return .applied }
            beforeCommit?()
            var batch = Batch(socket, generation: generation)
            batch.change(changes, of: cluster, operation: step.operation)
            if let note { batch.note(note, of: step.operation, on: cluster) }
            do throws(KernelError) {
                try batch.commit()
                commits.append(OwnCommit(changes: changes, step: step, note: note))
                postponeCounting(of: step.address)
                return .applied
            } catch {
                view = nil
                if error.number == KernelError.restart || error.number == EINTR { continue }
                throw .kernel(error, doing: "changing the ownership of \(step.address)")
            }
        }
        throw DriverError(
            .busy, "The ruleset changed \(Self.attempts) times under the step \(step.operation); nothing was changed.")
    }

    /// A large table is not counted while a plan is carried out there.
    func postponeCounting(of address: IPAddress) { gradual[address]?.postpone(now: clock()) }

    /// Takes the buckets that the node has given up, and of which it has no connection any more, out of the set that spares
    /// their segments from being dropped before connection tracking; for a time when nobody waits.
    public func tidy() throws(DriverError) {
        for cluster in try currentView().clusters {
            let kept = cluster.ownership.accepting.union(cluster.ownership.draining)
            let given = cluster.elements[BucketTable.sticky, default: []].subtracting(kept)
            guard !given.isEmpty, let generation = view?.generation else { continue }
            let idle = given.subtracting(try probe.trackedBuckets(cluster.configuration))
            guard !idle.isEmpty else { continue }
            var batch = Batch(socket, generation: generation)
            batch.elements(NFT_MSG_DELSETELEM, table: cluster.tableName, set: BucketTable.sticky, idle)
            do throws(KernelError) {
                try batch.commit()
                view?.tidy(idle, of: cluster.address)
            } catch {
                // Somebody committed meanwhile: the next time will do.
                view = nil
                if error.number != KernelError.restart { throw .kernel(error, doing: "tidying \(cluster.address)") }
            }
        }
    }
}

extension NftablesDriver {
    /// Writes who is a member of the cluster, in one transaction; the other names that the table lists stay.
    public func enroll(_ address: IPAddress, adding: [String], removing: [String]) throws(DriverError) {
        for _ in 0..<Self.attempts {
            let cluster = try cluster(address)
            // A table of edition 0.1 lists no members, and beside an agent of that edition nothing may be added to it.
            guard !cluster.table.layout.noteSets.isEmpty else { return }
            guard let generation = view?.generation else { continue }
            let listed = cluster.members ?? [:]
            let new = adding.filter { listed[BucketTable.noteKey($0)] != $0 }
            let old = removing.filter { !adding.contains($0) && listed[BucketTable.noteKey($0)] == $0 }
            if new.isEmpty, old.isEmpty, cluster.members != nil { return }
            guard listed.count + new.count <= BucketTable.noteLimit else {
                throw DriverError(.badValue, "A cluster can have \(BucketTable.noteLimit) members at most.")
            }
            var batch = Batch(socket, generation: generation)
            if cluster.members == nil { batch.addNotes(BucketTable.members, table: cluster.tableName) }
            batch.elements(
                NFT_MSG_DELSETELEM, table: cluster.tableName, set: BucketTable.members, old.map(BucketTable.noteKey))
            for name in new {
                batch.elements(
                    NFT_MSG_NEWSETELEM, table: cluster.tableName, set: BucketTable.members, [BucketTable.noteKey(name)],
                    comment: name)
            }
            view = nil
            do throws(KernelError) { return try batch.commit() } catch {
                if error.number == KernelError.restart || error.number == EINTR { continue }
                throw .kernel(error, doing: "listing the members of \(address)")
            }
        }
        throw DriverError(.busy, "The ruleset changed \(Self.attempts) times under the list of members of \(address).")
    }
}

extension Batch {
    /// Notes whose an operation is, unless that stands there; what no bucket's mark names any more is forgotten when there
    /// is no room.
    mutating func note(_ note: OperationNote, of mark: String, on cluster: RulesetView.Cluster) {
        guard let id = OperationMark(parsing: mark)?.operation, !cluster.table.layout.noteSets.isEmpty,
            cluster.notes?[id] == nil
        else { return }
        let (table, set) = (cluster.tableName, BucketTable.operations)
        if cluster.notes == nil { addNotes(set, table: table) }
        if let notes = cluster.notes, notes.count >= BucketTable.noteLimit / 2 {
            let named = Set(cluster.operations.values.compactMap { OperationMark(parsing: $0)?.operation })
            elements(
                NFT_MSG_DELSETELEM, table: table, set: set,
                notes.keys.filter { !named.contains($0) }.map(BucketTable.noteKey))
        }
        elements(
            NFT_MSG_NEWSETELEM, table: table, set: set, [BucketTable.noteKey(id)], comment: note.line(of: id))
    }

    /// Moves the elements of the ownership sets from what was found to what the changes want.
    mutating func change(_ changes: [StepRequest.Change], of cluster: RulesetView.Cluster, operation: String) {
        let wanted = Dictionary(changes.map { ($0.bucket, $0.to) }) { $1 }
        for set in BucketTable.ownershipSets {
            let present = wanted.keys.filter { cluster.elements[set]?.contains($0) == true }.sorted()
            elements(NFT_MSG_DELSETELEM, table: cluster.tableName, set: set, present)
        }
        for set in BucketTable.ownershipSets {
            let new = wanted.filter { BucketTable.sets(holding: $0.value).contains(set) }.keys.sorted()
            elements(NFT_MSG_NEWSETELEM, table: cluster.tableName, set: set, new, comment: operation)
        }
        if let sticky = cluster.elements[BucketTable.sticky] {
            let new = wanted.filter { bucket, state in
                !sticky.contains(bucket) && (state != nil || cluster.ownership.state(of: bucket) != nil)
            }.keys.sorted()
            elements(NFT_MSG_NEWSETELEM, table: cluster.tableName, set: BucketTable.sticky, new)
        }
    }
}
