import CNetfilter
import ClusterModel
import Glibc
import LinuxNode
import NodeDriver

extension NftablesDriver {
    /// How often a step is tried against a ruleset that others change meanwhile.
    private static let attempts = 32

    /// Applies one step as a compare-and-set, in one transaction that names the generation which was read before it.
    ///
    /// A change that the same operation has already made counts as applied, so that a step whose answer was lost can be sent
    /// again.
    public func apply(_ step: StepRequest) throws(DriverError) -> StepOutcome {
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
            do throws(KernelError) {
                try batch.commit()
                view?.apply(changes, to: step.address, operation: step.operation)
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
            view = nil
            do throws(KernelError) { try batch.commit() } catch {
                // Somebody committed meanwhile: the next time will do.
                if error.number != KernelError.restart { throw .kernel(error, doing: "tidying \(cluster.address)") }
            }
        }
    }
}

extension Batch {
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
