import ArgumentParser
import Canvas
import Console
import Glibc
import TestSupport
import Testing

@testable import ClusterIPCommands

@Suite struct ConfigurationTests {
    @Test func `a file says how consoles look, and where it says so is known`() throws {
        let file = ConfigurationFile(
            """
            theme: solarized-dark
            mouse: false
            interval: 2
            keys:
              refresh: [F5, Ctrl-R]
              takeover: none
            """, path: "/c/config.yaml")
        #expect(file.problems == [])
        let setup = ConsoleSetup(try ConsoleOptions.parse([]), file)
        #expect(setup.theme.value == "solarized-dark" && setup.theme.origin == .file("/c/config.yaml", line: 1))
        #expect(setup.mouse.value == false && setup.mouse.origin.description == "/c/config.yaml:2")
        #expect(setup.interval.value == 2 && setup.local.origin == .builtIn)
        #expect(setup.bindings.map(\.line) == [5, 6])
        #expect(setup.bindings.map(\.value.keys) == [[.function(5), .ctrl("r")], []])
    }

    @Test func `options come before the file`() throws {
        let file = ConfigurationFile("mouse: false\nascii: true\ncolor: 16\n", path: "/c/config.yaml")
        let options = try ConsoleOptions.parse(["--mouse", "--no-ascii", "--theme", "mono", "--no-color"])
        let setup = ConsoleSetup(options, file)
        #expect(setup.mouse.value && setup.mouse.origin == .option("--mouse"))
        #expect(!setup.ascii.value && setup.theme.origin == .option("--theme"))
        #expect(setup.color.origin == .option("--no-color"))
    }

    @Test(
        arguments: [
            (
                "colour: blue",
                "/c:1: unknown setting colour; known are theme, color, ascii, mouse, local, interval and keys"
            ),
            ("theme: a\nmouse: perhaps", "/c:2: mouse must be true or false"),
            ("interval: 0.01", "/c:1: interval must be 0.2 to 60 seconds"),
            ("keys: { refresh: Strg-R }", "/c:1: keys: refresh: \"Strg-R\" is no key, such as q, F5, Ctrl-R or none"),
            ("- a", "/c: a configuration has the keys theme, color, ascii, mouse, local, interval and keys"),
            ("keys:\n  nonsense: x", "keys: there is no command \"nonsense\"; `?` in the console shows them all"),
        ])
    func `what means nothing is named with its line, and the rest is used`(text: String, problem: String) throws {
        let setup = ConsoleSetup(try ConsoleOptions.parse([]), ConfigurationFile(text, path: "/c"))
        #expect(setup.problems == [problem])
    }

    @Test func `the command prints every setting with its origin`() throws {
        try TemporaryDirectory.with("config") { home in
            _ = try Program.run([
                "sh", "-c", "mkdir \(home)/clusterip; echo 'theme: mono' > \(home)/clusterip/config.yaml",
            ])
            let outcome = try Program.run([
                "env", "XDG_CONFIG_HOME=\(home)", "NO_COLOR=1", Program.directory + "/clusterip", "config", "--local",
            ])
            #expect(outcome.status == "exit status 0")
            func origin(_ setting: String) -> [Substring] {
                outcome.lines.first { $0.hasPrefix(setting + " ") }?.split(separator: " ") ?? []
            }
            #expect(origin("theme") == ["theme", "mono", "\(home)/clusterip/config.yaml:1"])
            #expect(origin("color") == ["color", "never", "$NO_COLOR"])
            #expect(origin("local") == ["local", "true", "--local"])
            #expect(origin("interval") == ["interval", "1.0", "built", "in"])
        }
    }
}

@Suite struct TimelineFileTests {
    private static let event = TimelineRecord(
        time: "2026-11-28T14:02:31Z", kind: "finding", severity: "critical", node: "node2", buckets: "1,3",
        what: "node2 said \"no\", and is gone")

    @Test func `what is kept is read again, and a second console does not write it twice`() throws {
        try TemporaryDirectory.with("timeline") { directory in
            let path = directory + "/deep/timeline-web.csv"
            let first = TimelineFile(path: path)
            #expect(first.keep([Self.event]) == nil)
            #expect(TimelineFile(path: path).keep([Self.event]) == nil, "the lock is the first one's")
            #expect(TimelineFile.read(path) == [Self.event])
            var facts = stat()
            #expect(stat(path, &facts) == 0 && facts.st_mode & 0o777 == 0o600)
        }
    }

    @Test func `lines that are no events are left out`() throws {
        try TemporaryDirectory.with("timeline") { directory in
            let path = directory + "/timeline-web.csv"
            #expect(TimelineFile(path: path).keep([Self.event]) == nil)
            _ = try Program.run(["sh", "-c", "printf 'a,b\\n\"open\\n,,,,,\\n' >> \(path)"])
            #expect(TimelineFile.read(path) == [Self.event])
        }
    }

    @Test func `a file that cannot be written is said once`() {
        let file = TimelineFile(path: "/proc/nothing/timeline-web.csv")
        #expect(file.keep([Self.event])?.hasPrefix("what happens is not kept") == true)
        #expect(file.keep([Self.event]) == nil)
    }

    @Test func `the command shows events, oldest first`() throws {
        try TemporaryDirectory.with("timeline") { directory in
            var earlier = Self.event
            earlier.time = "2026-11-28T13:00:00Z"
            let file = TimelineFile(path: directory + "/clusterip/timeline-web.csv")
            #expect(file.keep([Self.event, earlier]) == nil)
            let outcome = try Program.run([
                "env", "XDG_STATE_HOME=\(directory)", Program.directory + "/clusterip", "journal", "timeline",
            ])
            #expect(
                outcome.output == """
                    2026-11-28 13:00:00  finding: node2 said "no", and is gone
                    2026-11-28 14:02:31  finding: node2 said "no", and is gone\n
                    """)
            let csv = try Program.run([
                "env", "XDG_STATE_HOME=\(directory)", Program.directory + "/clusterip", "journal", "timeline",
                "--format", "csv", "--limit", "1", "--cluster", "web",
            ])
            #expect(csv.lines.count == 2 && csv.lines[1].hasPrefix("2026-11-28T14:02:31Z,web,finding,critical,node2,"))
        }
    }
}
