import Journal

/// Tells the operator of operations that were cut off.
enum CutOffNotice {
    /// One line for each that was cut off on a cluster; empty when there is none or the journal cannot be read.
    static func lines(_ journal: Journal, cluster: String) -> [String] {
        let cutOff = (try? journal.cutOff(cluster: cluster)) ?? []
        return cutOff.map { "\($0.id) (\($0.title), \(JournalText.seconds($0.started))) was cut off: \(remedy($0))" }
    }

    /// The commands that end it.
    static func remedy(_ operation: RecordedOperation) -> String {
        "`clusterip journal resume \(operation.id)` completes it, `clusterip journal undo \(operation.id)` takes it back"
    }

    /// Prints the lines to standard error.
    static func complain(cluster: String) {
        for line in lines(Journal.place(cluster: cluster), cluster: cluster) { Console.complain(line) }
    }
}
