import Console
import Glibc
import Journal
import Planning

extension ConsoleProgram {
    /// How many operations the Journal screen shows at most.
    private static let shownOperations = 100
    /// How many events of earlier consoles the Timeline screen shows at most.
    private static let shownEvents = 500
    /// Plans of how many bytes are read for it, so that the screen opens at once also in a cluster of many buckets.
    private static let planBytes = 1 << 20

    /// Shows what the journal holds of this cluster.
    func readJournal() {
        do throws(JournalError) {
            let history = try journal.history(
                cluster: name, limit: Self.shownOperations, budget: Self.planBytes)
            let times = LocalTime(isLocal: isLocal)
            let shown = history.map { entry in
                var entry = entry
                entry.started = times.text(entry.started)
                return entry
            }
            take(.journal(shown, clock: isLocal ? "this machine's zone" : "UTC"))
        } catch {
            take(.notice(Notice(error.description, kind: .failure)))
        }
    }

    /// Reads the journal again when somebody has written it, this program or another.
    func noticeJournal() {
        let stamp = ["", "-wal"].map { Self.stamp(journal.path + $0) }
        guard stamp != journalStamp else { return }
        journalStamp = stamp
        readJournal()
    }

    /// What changes in a file's description whenever it is written; nothing when there is no file.
    private static func stamp(_ path: String) -> [Int] {
        var description = stat()
        guard stat(path, &description) == 0 else { return [] }
        return [description.st_mtim.tv_sec, description.st_mtim.tv_nsec, Int(description.st_size)]
    }

    /// Shows what earlier consoles have kept of what happened.
    func readKept() { take(.kept(TimelineFile.read(timeline.path, last: Self.shownEvents))) }

    /// Says what was cut off; the Journal screen completes it or takes it back.
    func noticeCutOff() {
        guard let cutOff = (try? journal.cutOff(cluster: name))?.first else { return }
        take(.notice(Notice("cut off: \(cutOff.title): press 5, then c to finish or u to undo it", kind: .warning)))
    }
}
