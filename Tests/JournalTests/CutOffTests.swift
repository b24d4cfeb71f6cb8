import ClusterModel
import Journal
import Planning
import Testing
import Wording

@Suite("Operations that were cut off")
struct CutOffTests {
    @Test("what a crash leaves, also in the log alone, is found with the steps as they were", arguments: 0..<5)
    func crash(at point: Int) throws {
        try TestDirectory.run { directory in
            let journal = Journal(path: directory.path + "/j")
            let plan = Example.plan("op-1")
            try journal.begin(plan, cluster: "lab")
            if point > 0 { try journal.intend("op-1", [plan.step(0)]) }
            if point > 1 { try journal.conclude("op-1", [plan.step(0, .done)]) }
            if point > 2 { try journal.intend("op-1", [plan.step(1)]) }
            if point > 3 { try journal.conclude("op-1", [plan.step(1, .unknown(.agent("no answer")))]) }
            #expect(try journal.cutOff().isEmpty)
            #expect(try Journal(path: directory.path + "/j").operation("op-1")?.outcome.word == "running")

            try shell("mkdir '\(directory.path)/after'; cp '\(directory.path)'/j* '\(directory.path)/after/'")
            let after = Journal(path: directory.path + "/after/j")
            #expect(try after.cutOff(cluster: "lab").map(\.id) == ["op-1"])
            #expect(try after.cutOff(cluster: "web").isEmpty)
            let states = [
                ["waiting", "waiting"], ["sent", "waiting"], ["done", "waiting"], ["done", "sent"],
                ["done", "unknown"],
            ]
            #expect(try after.operation("op-1")?.steps.map(\.state) == states[point])
            try after.close("op-1", as: .resumed)
            #expect(try after.cutOff().isEmpty)
        }
    }

    @Test("an operation is cut off as soon as its program is gone, and only one other takes it in hand")
    func inHand() throws {
        try TestDirectory.run { directory in
            let path = directory.path + "/j"
            var first: Journal? = Journal(path: path)
            try first?.begin(Example.plan("op-1"), cluster: "lab")
            let (second, third) = (Journal(path: path), Journal(path: path))
            #expect(try second.cutOff().isEmpty)
            first = nil
            #expect(try second.cutOff().map(\.id) == ["op-1"])
            try second.begin(Example.plan("op-2"), cluster: "lab", resolves: "op-1")
            let refusal = JournalError.sentence { () throws(JournalError) in
                try third.begin(Example.plan("op-3"), cluster: "lab", resolves: "op-1")
            }
            #expect(refusal == "another program is carrying out op-1 now: wait until it has ended")
            #expect(try third.operation("op-3") == nil)
            try second.end("op-2", .done, resolving: .resumed)
            #expect(try third.operations().map(\.outcome.word) == ["done", "resumed"])
            try third.begin(Example.plan("op-3"), cluster: "lab", resolves: "op-2")
        }
    }

    @Test("what could not be begun leaves the operation that it was to resolve free for others")
    func freed() throws {
        try TestDirectory.run { directory in
            let path = directory.path + "/j"
            var first: Journal? = Journal(path: path)
            try first?.begin(Example.plan("op-1"), cluster: "lab")
            first = nil
            let (second, third) = (Journal(path: path), Journal(path: path))
            let refusal = JournalError.sentence { () throws(JournalError) in
                try second.begin(Example.plan("op-1"), cluster: "lab", resolves: "op-1")
            }
            #expect(refusal?.contains("UNIQUE") == true)
            #expect(try third.cutOff().map(\.id) == ["op-1"])
            try third.begin(Example.plan("op-3"), cluster: "lab", resolves: "op-1")
        }
    }

    @Test("an end that cannot be written leaves a cut-off operation, not one that seems to run")
    func unwritableEnd() throws {
        try TestDirectory.run { directory in
            let path = directory.path + "/j"
            let journal = Journal(path: path)
            try journal.begin(Example.plan("op-1"), cluster: "lab")
            try shell(
                "sqlite3 '\(path)' 'CREATE TRIGGER t BEFORE UPDATE ON operation BEGIN SELECT RAISE(ABORT, \"no\"); END'"
            )
            #expect(JournalError.sentence { () throws(JournalError) in try journal.end("op-1", .done) } != nil)
            #expect(try Journal(path: path).cutOff().map(\.id) == ["op-1"])
        }
    }
}
