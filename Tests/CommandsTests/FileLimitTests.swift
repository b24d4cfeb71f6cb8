import TestSupport
import Testing

@Suite("Too few open files")
struct FileLimitTests {
    @Test(
        "no node is called unreachable for a limit of this program's own",
        arguments: [
            "status", "findings", "move 1 --to a --yes", "who tcp 10.9.1.2:40000 10.8.0.1:7777", "reinstall a --yes",
        ])
    func cluster(_ command: String) throws {
        try TemporaryDirectory.with("limit") { home in
            let script = """
                for name in a b c; do echo "  - { name: $name, link: local }"; done | (echo nodes:; cat) > "$1/c.yaml"
                limit=$2; shift 2
                export XDG_STATE_HOME="$HOME" XDG_RUNTIME_DIR="$HOME"
                ulimit -n "$limit"; exec "$@"
                """
            for limit in [6, 8, 10, 12, 16, 24, 40] {
                let outcome = try Program.run(
                    [
                        "env", "HOME=\(home)", "sh", "-c", script, "sh", home, "\(limit)",
                        Program.directory + "/clusterip",
                    ]
                        + command.split(separator: " ").map(String.init) + ["--cluster", home + "/c.yaml"])
                #expect(outcome.errors.contains("may have only \(limit) files open at once"), "\(limit): \(outcome)")
                #expect(outcome.status == (command == "findings" ? "exit status 3" : "exit status 1"))
            }
        }
    }
}
