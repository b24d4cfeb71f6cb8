import Glibc
import TestSupport
import Testing

@Suite("clusterip journal")
struct JournalCommandTests {
    private func run(_ arguments: String..., state: String) throws -> Program.Outcome {
        try Program.run(["env", "XDG_STATE_HOME=\(state)", Program.directory + "/clusterip", "journal"] + arguments)
    }

    private func withState(_ body: (String) throws -> Void) throws {
        try TemporaryDirectory.with("state", body)
    }

    @Test("without a journal there is nothing, and nothing is made")
    func empty() throws {
        try withState { state in
            let table = try run("list", state: state)
            #expect(table.output == "nothing was changed from here yet\n")
            let json = try run("list", "--format", "json", state: state)
            #expect(json.output.contains("\"schema\" : 2"))
            let exported = try run("export", "-", state: state)
            #expect(exported.output == "" && exported.status == "exit status 0")
            #expect(access(state + "/clusterip", F_OK) != 0)
        }
    }

    @Test("an operation that is not there is named", arguments: ["show", "undo", "resume"])
    func unknown(_ command: String) throws {
        try withState { state in
            let outcome = try run(command, "op-nothing", state: state)
            #expect(outcome.status == "exit status 1")
            #expect(
                outcome.errors == "clusterip: the journal has no operation op-nothing: see `clusterip journal list`\n")
        }
    }

    @Test("a file that is no journal is refused with its path")
    func damaged() throws {
        try withState { state in
            _ = try Program.run(["sh", "-c", "mkdir \(state)/clusterip; seq 999 > \(state)/clusterip/journal.sqlite"])
            let outcome = try run("list", state: state)
            #expect(outcome.errors.contains("the journal \(state)/clusterip/journal.sqlite is damaged"))
        }
    }
}
