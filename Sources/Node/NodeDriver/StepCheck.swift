import ClusterModel

/// The compare-and-set that every driver shares: what a step means against the ownership that was found.
package enum StepCheck {
    /// What a driver has to do for a step.
    package enum Decision: Hashable {
        /// Write these changes; those that the same operation has already made are left out, maybe all of them.
        case write([StepRequest.Change])
        /// Write nothing.
        case refuse([StepOutcome.Mismatch])
    }

    /// Throws `.badValue` when the step could be right for no ownership at all, `.notSupported` when the driver never does
    /// what it asks.
    package static func check(
        _ step: StepRequest, total: Int, driver: DriverDescription
    ) throws(DriverError) {
        guard OperationMark(parsing: step.operation) != nil else {
            throw DriverError(.badValue, "An operation's id must be 1 to 64 letters, digits and hyphens.")
        }
        guard !step.changes.isEmpty else {
            throw DriverError(
                .badValue, "The step \(step.operation) changes nothing; it must name at least one bucket.")
        }
        guard step.bucketCount == nil || step.bucketCount == total else {
            throw DriverError(
                .otherSettings,
                "This node has \(total) buckets and the step \(step.operation) is for \(step.bucketCount ?? 0); plan again."
            )
        }
        try ConfigurationCheck.checkBuckets(step.changes.lazy.map(\.bucket), total: total)
        var seen = BucketSet()
        for bucket in step.changes.lazy.map(\.bucket) {
            guard !seen.contains(bucket) else {
                throw DriverError(
                    .badValue, "Bucket \(bucket) appears twice in the step \(step.operation); once is right.")
            }
            seen.insert(bucket)
        }
        for ability in needed(by: step) { try driver.require(ability) }
    }

    /// What a driver must be able to do for a step; several buckets at once are worth trying one by one.
    private static func needed(by step: StepRequest) -> Set<Capabilities.Ability> {
        var needed: Set<Capabilities.Ability> = [.moving]
        for change in step.changes {
            if change.to == .draining { needed.insert(.draining) }
            if change.to == .adopted { needed.insert(.adopting) }
            if change.by != nil { needed.insert(.marks) }
        }
        return needed
    }

    /// Compares the step with what was found; `operations` holds who wrote each bucket's state last.
    package static func decide(_ step: StepRequest, found: Ownership, operations: [Int: String]) -> Decision {
        var mismatches: [StepOutcome.Mismatch] = []
        var changes: [StepRequest.Change] = []
        for change in step.changes {
            let state = found.state(of: change.bucket)
            let writer = operations[change.bucket]
            if state == change.to, writer == step.operation { continue }
            if state == change.from, change.by == nil || change.by == writer ?? "" {
                changes.append(change)
            } else {
                mismatches.append(
                    .init(bucket: change.bucket, expected: change.from, found: state, writtenBy: writer))
            }
        }
        return mismatches.isEmpty ? .write(changes) : .refuse(mismatches)
    }
}
