import ConsoleCore
import Journal

extension ConsoleProgram {
    /// How many operations the Journal screen shows at most.
    private static let shownOperations = 100

    /// Shows what the journal holds of this cluster.
    func readJournal() {
        do throws(JournalError) {
            take(.journal(try journal.history(cluster: name, limit: Self.shownOperations).map { JournalEntry($0) }))
        } catch {
            take(.notice(Notice(error.description, kind: .failure)))
        }
    }

    /// Says what was cut off; the Journal screen completes it or takes it back.
    func noticeCutOff() {
        guard let cutOff = (try? journal.cutOff(cluster: name))?.first else { return }
        take(.notice(Notice("cut off: \(cutOff.title): press 5, then c to finish or u to undo it", kind: .warning)))
    }
}
