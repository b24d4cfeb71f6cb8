import ClusterModel
import Journal
import Planning
import Responsibility
import TestSupport
import Testing

@testable import ClusterIPCommands

/// What was cut off, found without an id.
@Suite struct CutOffTests {
    /// A journal that another program has left, with operations that have no end.
    private func withJournal(_ operations: [String], _ body: (Journal) throws -> Void) throws {
        try TemporaryDirectory.with("state") { path in
            let journal = Journal(path: path + "/journal.sqlite")
            for operation in operations { try Self.cutOff(operation, journal) }
            try body(journal)
        }
    }

    /// Writes an operation down and forgets it, as a program does that is killed.
    private static func cutOff(_ operation: String, _ journal: Journal) throws {
        let plan = Plan(
            .requested(.move([1], to: "node2", mode: .graceful)),
            .moves([Move(bucket: 1, from: "node1", to: "node2")], .graceful), address: IPAddress(10, 8, 0, 1),
            operation: operation, before: ["node1": Ownership(owned: [1]), "node2": Ownership()])
        let who = Operator(user: "root", host: "console", pid: 7, sudoUser: nil)
        try Journal(path: journal.path).begin(plan, steps: [], cluster: "web", who: who)
    }

    @Test func `the only one needs no id`() throws {
        try withJournal(["op-1"]) { journal in
            let only = try journal.onlyCutOff(cluster: "web")
            #expect(only.id == "op-1")
            let lines = CutOffNotice.lines(journal, cluster: "web")
            #expect(lines.count == 1 && lines[0].hasSuffix("`clusterip journal undo` takes it back"), "\(lines)")
        }
    }

    @Test func `of several each is told with its id, when, who and what`() throws {
        try withJournal(["op-1", "op-2"]) { journal in
            let error = #expect(throws: CommandError.self) { () throws in _ = try journal.onlyCutOff(cluster: "web") }
            let lines = (error?.description ?? "").split(separator: "\n")
            try #require(lines.count == 3, "\(lines)")
            #expect(lines[0] == "2 operations were cut off on web: name one of them")
            #expect(lines[1].hasPrefix("  op-1  20") && lines[1].hasSuffix(" UTC  root@console  move 1 to node2"))
            #expect(CutOffNotice.lines(journal, cluster: "web")[1].contains("resume op-2`"))
        }
    }

    @Test func `where nothing was cut off an operation must be named`() throws {
        try withJournal(["op-1"]) { journal in
            let error = #expect(throws: CommandError.self) { () throws in _ = try journal.onlyCutOff(cluster: "other") }
            #expect(
                error?.description == "nothing was cut off on other: name an operation, see `clusterip journal list`")
        }
    }
}
