import ClusterModel
import Responsibility

/// The marks of operations where a kernel keeps none but which buckets the node owns.
///
/// What is about to be changed is noted before the kernel is told: who is killed between the two leaves a note from which the
/// next one sees, by the state, whether the change was made.
package struct StepLedger: Hashable, Sendable {
    /// What is noted of a bucket.
    package struct Entry: Hashable, Sendable {
        /// The mark of the last change.
        package var mark: String
        /// What the state says of that change; nil when it is known to be made.
        package var pending: Pending?

        /// An entry from its parts.
        package init(mark: String, pending: Pending? = nil) {
            self.mark = mark
            self.pending = pending
        }
    }

    /// A change that was noted and may not have been made.
    package struct Pending: Hashable, Sendable {
        /// The mark before it.
        package var before: String
        /// Whether the node owns the bucket once it is made.
        package var owns: Bool

        /// A change from its parts.
        package init(before: String, owns: Bool) {
            self.before = before
            self.owns = owns
        }
    }

    /// What is noted, by bucket.
    package var entries: [Int: Entry]
    /// The mark of buckets of which nothing is noted, since the rules were once found gone; nil: that of the boot.
    package var installation: String?

    /// A ledger of these notes.
    package init(entries: [Int: Entry] = [:], installation: String? = nil) {
        self.entries = entries
        self.installation = installation
    }

    /// The mark beside each of N buckets, by what the node owns now; one that no operation has changed has the installation's.
    package func marks(total: Int, owned: BucketSet, boot: String) -> [Int: String] {
        let installation = installation ?? boot
        return Dictionary(
            (1...max(total, 1)).map { bucket in
                (bucket, entries[bucket].map { Self.mark($0, owns: owned.contains(bucket)) } ?? installation)
            }
        ) { first, _ in first }
    }

    /// Notes what is about to be changed.
    package mutating func begin(
        _ changes: [StepRequest.Change], by mark: String, known: [Int: String], owned: BucketSet
    ) {
        for bucket in entries.keys { entries[bucket] = Entry(mark: known[bucket] ?? mark) }
        for change in changes {
            let isChanged = owned.contains(change.bucket) != (change.to != nil)
            entries[change.bucket] = Entry(
                mark: mark,
                pending: isChanged ? Pending(before: known[change.bucket] ?? "", owns: change.to != nil) : nil)
        }
    }

    private static func mark(_ entry: Entry, owns: Bool) -> String {
        guard let pending = entry.pending, pending.owns != owns else { return entry.mark }
        return pending.before
    }
}

/// Where a node keeps the ledgers of its cluster addresses, for as long as it is not booted.
package protocol StepLedgerKeeping {
    /// Runs a body while no other agent of the node changes the address.
    func locked<Value>(
        _ address: IPAddress, _ body: () throws(DriverError) -> Value
    ) throws(DriverError) -> Value

    /// The ledger of an address.
    func ledger(_ address: IPAddress) throws(DriverError) -> StepLedger

    /// Puts a ledger in the place of the one before.
    func keep(_ ledger: StepLedger, of address: IPAddress) throws(DriverError)

    /// The mark of every bucket that no operation has changed since the boot.
    func installation(of address: IPAddress) -> String

    /// A mark that no bucket ever had.
    func newInstallation() -> String
}

extension StepLedgerKeeping {
    /// The mark beside each of N buckets of an address; one that no operation has changed has that of the boot.
    package func marks(_ address: IPAddress, total: Int, owned: BucketSet) throws(DriverError) -> [Int: String] {
        try ledger(address).marks(total: total, owned: owned, boot: installation(of: address))
    }

    /// Begins a ledger in which no mark of before stands: the address has no rules, and whoever is told so relies on it that
    /// nothing which was meant for them is carried out on rules that come later.
    package func forget(_ address: IPAddress) throws(DriverError) {
        try locked(address) { () throws(DriverError) in
            try keep(StepLedger(installation: newInstallation()), of: address)
        }
    }

    /// Notes what is about to be changed; the lock must be held.
    package func begin(
        _ changes: [StepRequest.Change], by mark: String, of address: IPAddress, total: Int, owned: BucketSet
    ) throws(DriverError) {
        let known = try marks(address, total: total, owned: owned)
        var ledger = try ledger(address)
        ledger.begin(changes, by: mark, known: known, owned: owned)
        try keep(ledger, of: address)
    }
}
