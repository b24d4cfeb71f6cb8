import Glibc
import Journal
import Planning
import TestSupport
import Testing
import Wording

@Suite("Whose the journal is, and where it really is")
struct TrustTests {
    private func refusal(_ path: String) -> String {
        JournalError.sentence { () throws(JournalError) in
            try Journal(path: path).begin(Example.plan("op-9"), cluster: "lab")
        } ?? "was begun"
    }

    private func reading(_ path: String) -> String {
        JournalError.sentence { () throws(JournalError) in _ = try Journal(path: path).operations() } ?? "was read"
    }

    // MARK: Links

    @Test("over a symbolic link it is the same journal, with the same log and the same locks")
    func link() throws {
        try TestDirectory.run { directory in
            try shell("mkdir '\(directory.path)/real'; ln -s real/j '\(directory.path)/link'")
            let (real, link) = (directory.path + "/real/j", directory.path + "/link")
            let journal = Journal(path: link)
            try journal.begin(Example.plan("op-1"), cluster: "lab")
            #expect(try Journal(path: real).operations().map(\.outcome.word) == ["running"])
            try Journal(path: real).begin(Example.plan("op-2"), cluster: "lab")
            try journal.end("op-1", .done)
            #expect(try Journal(path: link).operations().map(\.outcome.word) == ["cut off", "done"])
            let files = try shell("cd '\(directory.path)'; ls; ls real").split(separator: "\n")
            #expect(files == ["link", "real", "j", "j-shm", "j-wal", "j.lock"])
        }
    }

    @Test("a full disk behind a symbolic link: nothing is done")
    func linkToFullDisk() throws {
        try TestDirectory.run { directory in
            try PrivateMount.run("size=200k") { mount in
                try shell("mkdir -m 700 \(mount.path)/d; ln -s \(mount.path)/d/j '\(directory.path)/link'")
                #expect(refusal(directory.path + "/link").contains("disk is full"))
            }
        }
    }

    @Test("a link that is pointed elsewhere leads the next operation there")
    func repointed() throws {
        try TestDirectory.run { directory in
            let link = directory.path + "/link"
            try shell("ln -s j1 '\(link)'")
            let journal = Journal(path: link)
            try journal.begin(Example.plan("op-1"), cluster: "lab")
            try journal.end("op-1", .done)
            try shell("ln -sfn j2 '\(link)'")
            try journal.begin(Example.plan("op-2"), cluster: "lab")
            #expect(try Journal(path: directory.path + "/j1").operations().map(\.id) == ["op-1"])
            #expect(try Journal(path: directory.path + "/j2").operations().map(\.id) == ["op-2"])
        }
    }

    @Test("links in a circle, into nowhere, and another user's")
    func badLinks() throws {
        try TestDirectory.run { directory in
            let path = directory.path + "/link"
            try shell("ln -s link '\(path)'")
            #expect(refusal(path).contains("Too many levels of symbolic links"), "\(refusal(path))")
            try shell("ln -sfn none/j '\(path)'")
            #expect(refusal(path).contains("cannot find it: No such file"), "\(refusal(path))")
            try shell("ln -sfn j '\(path)'; chown -h 65534 '\(path)'")
            #expect(refusal(path).contains("/link belongs to nobody, not to root: move it away"), "\(refusal(path))")
        }
    }

    // MARK: Owners and permissions

    @Test("another user's directory or file is refused, for writing and reading", arguments: ["", "/j", "/j.lock"])
    func others(_ name: String) throws {
        try TestDirectory.run { directory in
            let path = directory.path + "/j"
            let journal = Journal(path: path)
            try journal.begin(Example.plan("op-1"), cluster: "lab")
            try shell("chown 65534 '\(directory.path + name)'")
            for sentence in [refusal(path), reading(path)] {
                #expect(sentence.contains("\(name) belongs to nobody, not to root: move it away"), "\(sentence)")
            }
        }
    }

    @Test("files that others put where SQLite would look", arguments: ["-wal", "-shm", "-journal", ".lock"])
    func planted(_ name: String) throws {
        try TestDirectory.run { directory in
            let path = directory.path + "/j"
            try Journal(path: path).prepare()
            try shell("rm -f '\(path + name)'; ln -s /dev/null '\(path + name)'")
            #expect(refusal(path).contains("\(name) is no regular file: move it away"), "\(refusal(path))")
            try shell("rm '\(path + name)'; touch '\(path + name)'; chown 65534 '\(path + name)'")
            #expect(refusal(path).contains("\(name) belongs to nobody"), "\(refusal(path))")
        }
    }

    @Test("permissions of others are taken away")
    func tightened() throws {
        try TestDirectory.run { directory in
            let path = directory.path + "/d/j"
            let journal = Journal(path: path)
            try journal.begin(Example.plan("op-1"), cluster: "lab")
            try shell("chmod 777 '\(directory.path)/d'; chmod 666 '\(directory.path)'/d/*")
            _ = try Journal(path: path).operations()
            let modes = try shell("stat -c %a '\(directory.path)/d' '\(directory.path)'/d/*").split(separator: "\n")
            #expect(modes == ["755", "600", "600", "600", "600"])
        }
    }

    @Test("a directory that all users share is no place for it")
    func shared() throws {
        try TestDirectory.run { directory in
            try shell("mkdir -m 1777 '\(directory.path)/tmp'")
            #expect(refusal(directory.path + "/tmp/j").contains("every user may put files into"))
        }
    }

    // MARK: Few open files

    @Test("too few open files are named as what they are", arguments: 4...24)
    func fewFiles(_ limit: Int) throws {
        try TestDirectory.run { directory in
            let said = try shell(
                "ulimit -n \(limit); '\(BuiltProducts.directory)/journal-writer' '\(directory.path)/j' command 1")
            let isRefused = said.hasPrefix("refused ") && said.contains("may have only \(limit) files open at once")
            #expect(isRefused || said == "begun op-1-0\nended op-1-0\n", "\(said)")
        }
    }
}
