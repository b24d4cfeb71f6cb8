import Glibc
import Journal
import Planning
import Reactor
import TestSupport
import Testing
import Wording

@Suite("Several programs over one journal")
struct SharedJournalTests {
    /// What a program did with its journal before another one came and left.
    enum Before: CaseIterable {
        case listed, prepared, listedAndBegan, beganAndListed, anotherOfThisProgram
    }

    @Test("a program that leaves does not take the log of one that is at work", arguments: Before.allCases)
    func leaving(_ before: Before) throws {
        try TestDirectory.run { directory in
            let path = directory.path + "/j"
            try Journal(path: path).begin(Example.plan("op-0"), cluster: "lab")
            let journal = Journal(path: path)
            switch before {
            case .listed: _ = try journal.history()
            case .prepared: try journal.prepare()
            case .listedAndBegan:
                _ = try journal.history()
                try journal.begin(Example.plan("op-1"), cluster: "lab")
            case .beganAndListed:
                try journal.begin(Example.plan("op-1"), cluster: "lab")
                _ = try journal.operation("op-1")
            case .anotherOfThisProgram:
                try journal.prepare()
                _ = try Journal(path: path).cutOff()
                try Journal(path: path).prepare()
            }
            try shell("sqlite3 '\(path)' 'UPDATE operation SET reason = 5'")
            try journal.begin(Example.plan("op-2"), cluster: "lab")
            try journal.end("op-2", .done)
            try shell("sqlite3 '\(path)' 'UPDATE operation SET reason = 6'")
            try journal.begin(Example.plan("op-3"), cluster: "lab")
            let listed = try shell("sqlite3 '\(path)' 'SELECT id FROM operation ORDER BY number'")
            #expect(listed.hasSuffix("op-2\nop-3\n"), "\(listed)")
        }
    }

    @Test("a journal that was put away is begun anew by the next operation")
    func putAway() throws {
        try TestDirectory.run { directory in
            let (path, old) = (directory.path + "/j", directory.path + "/old")
            let journal = Journal(path: path)
            try journal.begin(Example.plan("op-1"), cluster: "lab")
            try journal.end("op-1", .done)
            try shell("mkdir '\(old)'; mv '\(directory.path)'/j* '\(old)/'")
            try journal.begin(Example.plan("op-2"), cluster: "lab")
            #expect(try Journal(path: path).operations().map(\.outcome.word) == ["running"])
            #expect(try Journal(path: old + "/j").operations().map(\.id) == ["op-1"])
        }
    }

    @Test("an operation that is under way goes on in the journal where it was begun")
    func putAwayTooEarly() throws {
        try TestDirectory.run { directory in
            let (path, old) = (directory.path + "/j", directory.path + "/old")
            let journal = Journal(path: path)
            try journal.begin(Example.plan("op-1"), cluster: "lab")
            try shell("mkdir '\(old)'; mv '\(directory.path)'/j* '\(old)/'")
            try journal.end("op-1", .done)
            #expect(try Journal(path: old + "/j").operation("op-1")?.outcome == .ended(.done))
            #expect(try journal.operations().isEmpty)
        }
    }

    @Test("what was begun is in the journal, however its programs are killed", arguments: [1, 2] as [UInt64])
    func killed(seed: UInt64) throws {
        try TestDirectory.run { directory in
            let path = directory.path + "/j"
            let crowd = try Crowd(path: path, seed: seed)
            crowd.run(kills: 60)
            #expect(crowd.trouble == [])
            #expect(try shell("sqlite3 '\(path)' 'PRAGMA integrity_check'") == "ok\n")
            let listed = try Journal(path: path).operations()
            let words = Dictionary(uniqueKeysWithValues: listed.map { ($0.id, $0.outcome.word) })
            #expect(crowd.begun.filter { words[$0] == nil } == [], "begun, and not in the journal")
            #expect(crowd.ended.filter { words[$0] != "done" } == [], "done, and not so in the journal")
            #expect(!words.values.contains("running"))
            #expect(crowd.begun.count > 60)
        }
    }
}

/// Two consoles and three commands over one journal, each killed after so many of its lines, and replaced by another.
final class Crowd {
    private(set) var begun: [String] = []
    private(set) var ended: [String] = []
    /// What no writer should say, and whether time ran out.
    private(set) var trouble: [String] = []
    private let path: String
    private let reactor: Reactor
    private var random: SplitMix
    private var kills = 0
    private var count = 0
    private var running: [ChildProcess] = []

    init(path: String, seed: UInt64) throws {
        self.path = path
        reactor = try Reactor()
        random = SplitMix(seed: seed)
    }

    /// Runs them until so many were killed, for a minute at most.
    func run(kills: Int) {
        self.kills = kills
        reactor.after(60) { [self] in
            trouble.append("no end after a minute")
            reactor.stop()
        }
        for kind in ["console", "console", "command", "command", "command"] { start(kind) }
        reactor.run()
        for child in running {
            child.signal(SIGKILL)
            child.reap(waiting: true)
        }
    }

    private func start(_ kind: String) {
        count += 1
        let writer = [BuiltProducts.directory + "/journal-writer", path, kind, "\(count)"]
        guard let child = try? ChildProcess(arguments: writer, errorOutput: .inherited) else {
            return trouble.append("cannot start \(writer[0])")
        }
        running.append(child)
        var lines = LineBuffer()
        var left = Int.random(in: 1...(kind == "console" ? 20 : 3), using: &random)
        let delay = UInt32.random(in: 0...4000, using: &random)
        var token: Reactor.Token?
        token = try? reactor.watch(child.output) { [self] _ in
            let (read, hasEnded) = take(&lines, from: child)
            left -= read
            guard hasEnded || left <= 0 else { return }
            if let token { reactor.cancel(token) }
            if !hasEnded { kill(child, after: delay, &lines) }
            child.reap(waiting: true)
            running.removeAll { $0 === child }
            if kills > 0 { start(kind) } else { reactor.stop() }
        }
    }

    /// Kills it at a moment that falls anywhere into what it does next, and hears what it said last.
    private func kill(_ child: ChildProcess, after microseconds: UInt32, _ lines: inout LineBuffer) {
        usleep(microseconds)
        child.signal(SIGKILL)
        child.reap(waiting: true)
        while !take(&lines, from: child).hasEnded {}
        kills -= 1
    }

    /// Takes what it has said.
    private func take(_ lines: inout LineBuffer, from child: ChildProcess) -> (count: Int, hasEnded: Bool) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let size = read(child.output, &buffer, buffer.count)
        lines.append(buffer.prefix(max(size, 0)))
        var count = 0
        while let line = lines.next() {
            note(String(decoding: line, as: UTF8.self))
            count += 1
        }
        return (count, size <= 0)
    }

    private func note(_ line: String) {
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        switch words.first {
        case "begun": begun.append(words[1])
        case "ended": ended.append(words[1])
        // Another one may just be completing the same operation, or keep the journal locked for long.
        case "refused" where line.contains("another program"): break
        default: trouble.append(line)
        }
    }
}
