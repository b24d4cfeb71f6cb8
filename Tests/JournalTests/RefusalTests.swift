import Glibc
import Journal
import Planning
import Testing
import Wording

@Suite("A journal that cannot be kept refuses before the first step")
struct RefusalTests {
    private func refusal(_ path: String) -> String {
        JournalError.sentence { () throws(JournalError) in
            try Journal(path: path).begin(Example.plan("op-1"), cluster: "lab")
        } ?? "was begun"
    }

    private func sqlite(_ path: String, _ statements: String) throws {
        let journal = Journal(path: path)
        try journal.begin(Example.plan("op-0"), cluster: "lab")
        try journal.end("op-0", .done)
        try shell("sqlite3 '\(path)' \"\(statements)\"")
    }

    @Test("a newer clusterip's")
    func newer() throws {
        try TestDirectory.run { directory in
            let path = directory.path + "/j"
            try sqlite(path, "PRAGMA user_version = 99")
            #expect(refusal(path).contains("was written by a newer clusterip (version 99"))
            let reading = JournalError.sentence { () throws(JournalError) in _ = try Journal(path: path).operations() }
            #expect(reading?.contains("newer") == true)
        }
    }

    @Test("another program's database")
    func foreign() throws {
        try TestDirectory.run { directory in
            try shell("sqlite3 '\(directory.path)/j' 'CREATE TABLE x (y)'")
            #expect(refusal(directory.path + "/j").contains("is a database, but not a journal"))
        }
    }

    @Test("no database, a damaged first page, a damaged page in the middle", arguments: [0, 40, 4096])
    func damaged(offset: Int) throws {
        try TestDirectory.run { directory in
            let path = directory.path + "/j"
            try sqlite(path, "PRAGMA wal_checkpoint(TRUNCATE)")
            try directory.write([UInt8](repeating: 0x5a, count: offset == 4096 ? 40_000 : 60), to: "j", at: offset)
            let sentence = refusal(path)
            #expect(sentence.contains(path) && sentence.contains("move it"), "\(sentence)")
        }
    }

    @Test("a path below a file, a directory in the file's place")
    func obstructed() throws {
        try TestDirectory.run { directory in
            try directory.write([1], to: "file")
            #expect(refusal(directory.path + "/file/clusterip/j").contains("Not a directory"))
            try shell("mkdir '\(directory.path)/j'")
            #expect(refusal(directory.path + "/j").contains("/j is a directory: move it away"))
        }
    }

    @Test("a database that another program has locked for long")
    func locked() throws {
        try TestDirectory.run { directory in
            let path = directory.path + "/j"
            try sqlite(path, "SELECT 1")
            let holder = popen("sqlite3 '\(path)' 'BEGIN IMMEDIATE' '.shell echo; sleep 4'", "r")
            defer { if let holder { pclose(holder) } }
            var line = [CChar](repeating: 0, count: 8)
            fgets(&line, 8, holder)
            #expect(refusal(path).contains("another program keeps the journal"))
        }
    }

    @Test("a read-only file system, with or without a journal on it")
    func readOnly() throws {
        for exists in [false, true] {
            try PrivateMount.run("size=2m") { mount in
                let path = mount.path + "/clusterip/journal.sqlite"
                if exists { try Journal(path: path).prepare() }
                try mount.remount("ro")
                #expect(refusal(path).contains("ead-only"), "\(refusal(path))")
            }
        }
    }

    @Test("a full disk")
    func full() throws {
        try PrivateMount.run("size=40k") { mount in
            #expect(refusal(mount.path + "/clusterip/j").contains("disk is full"), "\(refusal(mount.path + "/j"))")
        }
    }

    @Test("a disk that fills up after the first step cuts no story short")
    func fullLater() throws {
        try PrivateMount.run("size=2m") { mount in
            let path = mount.path + "/clusterip/j"
            let plan = Example.plan("op-1")
            let journal = Journal(path: path)
            try journal.begin(plan, cluster: "lab")
            _ = try? shell("cat /dev/zero > \(mount.path)/filler 2>/dev/null")
            for step in 0..<2 {
                try journal.intend("op-1", [plan.step(step)])
                try journal.conclude("op-1", [plan.step(step, .done)])
            }
            try journal.end("op-1", .done)
            #expect(try Journal(path: path).operation("op-1")?.outcome == .ended(.done))
            #expect(refusal(path).contains("disk is full") || refusal(path).contains("UNIQUE"))
        }
    }

    @Test("nor any of many that are under way at once")
    func fullLaterForAll() throws {
        try PrivateMount.run("size=8m") { mount in
            let path = mount.path + "/clusterip/j"
            let plans = (0..<12).map { Example.plan("op-\($0)") }
            let journals = try plans.map { plan throws(JournalError) in
                let journal = Journal(path: path)
                try journal.begin(plan, cluster: "lab")
                return journal
            }
            _ = try? shell("cat /dev/zero > \(mount.path)/filler 2>/dev/null")
            for step in 0..<2 {
                for (journal, plan) in zip(journals, plans) {
                    try journal.intend(plan.operation, [plan.step(step)])
                    try journal.conclude(plan.operation, [plan.step(step, .done)])
                }
            }
            for (journal, plan) in zip(journals, plans) { try journal.end(plan.operation, .done) }
            #expect(try Journal(path: path).operations().map(\.outcome.word) == [String](repeating: "done", count: 12))
        }
    }
}
