import Journal
import Planning
import Wording

/// Tells the operator of operations that were cut off.
enum CutOffNotice {
    /// One line for each that was cut off on a cluster; empty when there is none or the journal cannot be read.
    static func lines(_ journal: Journal, cluster: String) -> [String] {
        let cutOff = (try? journal.cutOff(cluster: cluster)) ?? []
        return cutOff.map {
            "\($0.id) (\($0.title), \($0.time)) was cut off: "
                + remedy(cutOff.count == 1 ? nil : $0.id)
        }
    }

    /// The commands that complete an operation or take it back; without an id those for the only one that was cut off.
    static func remedy(_ operation: String?) -> String {
        let id = operation.map { " \($0)" } ?? ""
        return "`clusterip journal resume\(id)` completes it, `clusterip journal undo\(id)` takes it back"
    }

    /// Prints the lines to standard error.
    static func complain(cluster: String) {
        for line in lines(Journal.place(cluster: cluster), cluster: cluster) { CommandIO.complain(line) }
    }
}
