import Glibc
import Testing

/// A move that is stopped with Ctrl-C on a real terminal, over a real lab.
@Suite(.serialized)
struct StoppedMoveTests {
    @Test func ctrlCOffersToFinishOrToUndoRightThere() throws {
        var template = Array("/tmp/clusterip-stop-XXXXXX".utf8CString)
        mkdtemp(&template)
        let runtime = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        let screen = try Screen(columns: 120, rows: 60)
        defer {
            _ = try? Program.run([
                "env", "XDG_RUNTIME_DIR=\(runtime)", Program.directory + "/clusterip", "lab", "down",
            ])
            _ = try? Program.run(["rm", "-rf", runtime])
        }
        try screen.type("export XDG_RUNTIME_DIR=\(runtime) PATH=\(Program.directory):$PATH; clear\n")
        try screen.type("clusterip lab up --no-traffic\n")
        try screen.wait("cluster.yaml")
        for (answer, ending) in [("finish", "node3 now answers 1-16"), ("undo", "node1 now answers 1-5")] {
            try screen.type("clear; clusterip move 1-10 --to node3\n")
            try screen.wait("Type yes")
            let program = try #require(try screen.children().last)
            let agent = try #require(
                try Program.run(["pgrep", "-P", "\(program)"]).lines.compactMap { Int32($0) }.first)
            kill(agent, SIGSTOP)
            try screen.type("yes\n")
            try screen.wait("done: node2 releases")
            try screen.press("C-c")
            try screen.wait("stopping between steps")
            _ = try? screen.wait("finish, undo, or leave it?")
            try screen.wait("finish, undo, or leave it?")
            kill(agent, SIGCONT)
            usleep(500_000)
            try screen.type("\(answer)\n")
            try screen.wait(ending)
            try screen.type("clear; clusterip journal list\n")
            try screen.wait(answer == "finish" ? "resumed" : "undone")
            try screen.type(
                "clear; clusterip move 1-5 --to node1 --yes; clusterip move 6-10 --to node2 --yes; echo o-k\n")
            try screen.wait("o-k")
        }
    }
}
