import Glibc
import TestSupport
import Testing

/// `calibrate --node` beside a program that does as it likes on the node.
@Suite struct CalibrateNodeTests {
    /// Runs `clusterip calibrate --node` with a shell script in place of `conntrack`, under a command such as timeout.
    private static func calibrate(conntrack script: String, under command: [String] = []) throws -> Program.Outcome {
        let directory = try TemporaryDirectory.make("calibrate")
        defer { _ = try? Program.run(["rm", "-rf", directory]) }
        let prepare = """
            cd "$1" && printf 'nodes:\\n  - name: node1\\n    link: local\\n' > c.yaml
            printf '#!/bin/sh\\necho $$ > %s/pid\\n%s\\n' "$1" "$2" > conntrack && chmod +x conntrack
            """
        _ = try Program.run(["sh", "-c", prepare, "sh", directory, script])
        let outcome = try Program.run(
            ["env", "PATH=\(directory):/usr/bin:/bin"] + command
                + [
                    "\(Program.directory)/clusterip", "calibrate", "--node", "node1", "--cluster",
                    directory + "/c.yaml",
                ])
        let pid = pid_t(try Program.text(directory + "/pid").split(separator: "\n").first ?? "") ?? 0
        #expect(pid > 0)
        // Killed it has been by now; that it is gone takes the kernel and its new parent a moment.
        for _ in 0..<200 where kill(pid, 0) == 0 { usleep(10_000) }
        #expect(kill(pid, 0) != 0, "\(script) goes on")
        return outcome
    }

    @Test func `what a node says on standard error does not stop it, and its last line is told`() throws {
        let words = "head -c 300000 /dev/zero | tr '\\0' x >&2; echo >&2"
        let mark = "echo 'tcp 6 9 src=10.9.0.1 dst=10.8.0.1 sport=1 dport=80 mark=1'"
        let much = try Self.calibrate(conntrack: "\(words); \(mark)")
        #expect(much.output.contains("1 marked connection,") && much.errors.isEmpty)
        let last = try Self.calibrate(conntrack: "\(words); printf '\\033]0;no\\n' >&2; exit 3")
        #expect(last.status == "exit status 1")
        #expect(
            last.errors == "clusterip: conntrack -L on node1 ended with exit status 3: \u{fffd}]0;no\n",
            "\(last.errors.suffix(200))")
    }

    @Test(arguments: [
        "exec sleep 1000", "exec 2>&1; exec yes", "trap '' TERM INT HUP; while :; do sleep 1; done",
        "while :; do echo no >&2; done",
    ])
    func `the first Ctrl-C ends it, and the program on the node's side with it`(script: String) throws {
        let outcome = try Self.calibrate(conntrack: script, under: ["timeout", "--foreground", "-s", "INT", "1"])
        #expect(outcome.status == "exit status 124", "timeout's own: \(outcome)")
        #expect(
            outcome.errors.hasSuffix("stopped by Ctrl-C: the result is of the connections that were read by then\n"))
    }

    @Test func `who closes its output and goes on is ended`() throws {
        let outcome = try Self.calibrate(conntrack: "exec >&-; exec sleep 1000")
        #expect(outcome.errors == "clusterip: conntrack -L on node1 ended with signal 9; is it installed?\n")
    }

    @Test func `a program that is killed takes its child along`() throws {
        _ = try Self.calibrate(
            conntrack: "trap '' TERM INT HUP; while :; do sleep 1; done",
            under: ["timeout", "--foreground", "-s", "KILL", "1"])
    }
}
