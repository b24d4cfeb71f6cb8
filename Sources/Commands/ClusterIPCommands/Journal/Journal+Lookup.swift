import ClusterModel
import Journal
import Lab
import Planning
import Wording

extension CommandError {
    /// Runs a body over the journal, turning its error into a command's.
    static func inJournal<Value>(_ body: (Journal) throws(JournalError) -> Value) throws(CommandError) -> Value {
        do throws(JournalError) { return try body(Journal.place()) } catch {
            throw CommandError(error.description)
        }
    }
}

extension Journal {
    /// The journal of a cluster, or the one meant when none is named.
    ///
    /// What is done in a lab is written down in the lab's own directory and ends with it, unless `XDG_STATE_HOME` says
    /// where state is to be kept; everything else is in the user's journal.
    static func place(cluster: String? = nil) -> Journal {
        if Files.environment("XDG_STATE_HOME") == nil, let lab = Lab.find(), cluster == nil || cluster == "lab" {
            return Journal(path: lab.directory + "/journal.sqlite")
        }
        return Journal(path: standardPath)
    }

    /// The operation of an id, or of a beginning that only one has.
    func only(_ id: String) throws(CommandError) -> JournalEntry {
        let safe = id.madeSafe(limit: 64)
        let found: [JournalEntry]
        do throws(JournalError) {
            if let exact = try operation(id) { return exact }
            found = try operations().filter { $0.id.hasPrefix(id) }
            if found.count == 1, let only = try operation(found[0].id) { return only }
        } catch { throw CommandError(error.description) }
        throw CommandError(
            found.isEmpty
                ? "the journal has no operation \(safe): see `clusterip journal list`"
                : "\(found.count) operations begin with \(safe): \(found.prefix(5).map(\.id).joined(separator: ", "))")
    }

    /// The only operation of a cluster that was cut off.
    ///
    /// - Throws: when there is none, or several, which are listed.
    func onlyCutOff(cluster: String) throws(CommandError) -> JournalEntry {
        let found: [JournalEntry]
        do throws(JournalError) {
            found = try cutOff(cluster: cluster)
            if found.count == 1, let only = try operation(found[0].id) { return only }
        } catch { throw CommandError(error.description) }
        guard !found.isEmpty else {
            throw CommandError("nothing was cut off on \(cluster): name an operation, see `clusterip journal list`")
        }
        throw CommandError(
            "\(found.count) operations were cut off on \(cluster): name one of them"
                + found.map {
                    "\n  \($0.id)  \($0.time) UTC  \($0.who.text)  \($0.title)"
                }.joined())
    }
}
