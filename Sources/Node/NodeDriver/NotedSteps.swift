import ClusterModel
import Responsibility

/// Steps where the kernel knows nothing but which buckets the node owns, one of which is changed at a time.
package struct NotedSteps {
    private let notes: any StepLedgerKeeping
    private let driver: DriverDescription
    private let address: IPAddress
    private let total: Int
    private let clock: () -> UInt64

    /// The steps of a driver for an address with N buckets, on a node with this clock in nanoseconds.
    package init(
        _ notes: any StepLedgerKeeping, _ driver: DriverDescription, _ address: IPAddress, total: Int,
        clock: @escaping () -> UInt64
    ) {
        self.notes = notes
        self.driver = driver
        self.address = address
        self.total = total
        self.clock = clock
    }

    /// Carries a step out: the state is read before and after each change, under a lock, and the operation's mark written.
    ///
    /// What was changed is taken back when the rest cannot be. After the step's last moment nothing is claimed any more, not
    /// even what the step itself gave up: an agent that was stopped in the middle knows nothing of what happened since.
    ///
    /// - Parameters:
    ///   - owned: reads which buckets the node owns.
    ///   - set: makes the node own a bucket, or not.
    package func apply(
        _ step: StepRequest, owned: () throws(DriverError) -> BucketSet,
        set: (_ bucket: Int, _ owns: Bool) throws(DriverError) -> Void
    ) throws(DriverError) -> StepOutcome {
        try StepCheck.check(step, total: total, driver: driver)
        return try notes.locked(address) { () throws(DriverError) in
            let before = try owned()
            let marks = try notes.marks(address, total: total, owned: before)
            let decision = StepCheck.decide(step, found: Ownership(owned: before), operations: marks)
            guard case .write(let changes) = decision else {
                guard case .refuse(let mismatches) = decision else { return .applied }
                return .refused(mismatches)
            }
            guard !changes.isEmpty else { return .applied }
            try notes.begin(changes, by: step.operation, of: address, total: total, owned: before)
            try carryOut(step, changes, before, owned: owned, set: set)
            return .applied
        }
    }

    private func carryOut(
        _ step: StepRequest, _ changes: [StepRequest.Change], _ before: BucketSet,
        owned: () throws(DriverError) -> BucketSet, set: (_ bucket: Int, _ owns: Bool) throws(DriverError) -> Void
    ) throws(DriverError) {
        var done: [Int] = []
        do throws(DriverError) {
            for change in changes where before.contains(change.bucket) != (change.to != nil) {
                guard !isOver(step) else { throw DriverError.expired(step) }
                try set(change.bucket, change.to != nil)
                done.append(change.bucket)
                guard try owned().contains(change.bucket) == (change.to != nil) else {
                    throw DriverError(
                        .kernel,
                        "The kernel took the change of bucket \(change.bucket) of \(address) and did not make it.")
                }
            }
        } catch {
            var isWhole = true
            for bucket in done.reversed() {
                if before.contains(bucket), isOver(step) {
                    isWhole = false
                } else {
                    try? set(bucket, before.contains(bucket))
                }
            }
            throw isWhole ? error : .expired(step)
        }
    }

    private func isOver(_ step: StepRequest) -> Bool { step.until.map { clock() > $0 } ?? false }
}
