import Glibc
import Testing

@Suite struct ConsoleTests {
    private static func open(_ arguments: String = "demo --simulated", columns: Int = 100, rows: Int = 30) throws
        -> Screen
    {
        let screen = try Screen(columns: columns, rows: rows)
        try screen.type("\(Program.directory)/clusterip \(arguments)\n")
        try screen.wait("16/16 buckets covered")
        return screen
    }

    /// The shell must answer, and the terminal be in its usual modes.
    private static func expectUsable(_ screen: Screen) throws {
        try screen.type("\nstty -a | tr ' ;' '\\n\\n' | grep -xE '(icanon|echo|isig)' | sort | tr '\\n' .\n")
        try screen.wait("echo.icanon.isig.")
    }

    @Test func `every screen opens by its number, and help tells the keys`() throws {
        let screen = try Self.open()
        for (key, words) in [
            ("2", "Bucket 1"), ("3", "who answers it"), ("4", "choose"), ("5", "Journal"), ("6", "Findings"),
        ] {
            try screen.press("Escape", key)
            try screen.wait(words)
        }
        try screen.press("Escape", "1", "?")
        try screen.wait("Help on Nodes")
        try screen.press("Escape", "q")
        try screen.wait("ready>")
        try Self.expectUsable(screen)
    }

    @Test func `a bucket moves by plan and Y, and only when unlocked`() throws {
        let screen = try Self.open()
        try screen.press("2", "Space", "m")
        try screen.wait("to node")
        try screen.press("Enter")
        try screen.wait("release 1  expects owned → draining")
        try screen.press("Y")
        try screen.wait("locked")
        try screen.type(":unlock")
        try screen.press("Enter", "Y")
        try screen.wait("why, for the journal")
        try screen.press("Enter")
        try screen.wait("done: move 1 to node2")
        try screen.press("q")
        try screen.wait("ready>")
    }

    @Test func `the screen follows the terminal down to nothing and back`() throws {
        let screen = try Self.open()
        for size in [(40, 10), (3, 2), (200, 50)] { try screen.resize(columns: size.0, rows: size.1) }
        try screen.wait("its ruleset changed")
        try screen.resize(columns: 40, rows: 10)
        try screen.wait("node1")
        try screen.resize(columns: 100, rows: 30)
        try screen.wait("16/16 buckets covered")
        try screen.press("q")
        try screen.wait("ready>")
    }

    @Test func `pasted text is no keys`() throws {
        let screen = try Self.open()
        try screen.paste("q\nqqYm:quit\n")
        try screen.wait("pasted text only goes into an input line")
        try screen.press("q")
        try screen.wait("ready>")
    }

    @Test(arguments: [SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGSEGV, SIGABRT, SIGILL])
    func `a signal leaves a usable terminal`(signal: Int32) throws {
        let screen = try Self.open()
        for pid in try screen.children() { kill(pid, signal) }
        try screen.wait("the program to end") { try screen.children().isEmpty }
        try Self.expectUsable(screen)
    }

    @Test func `the demo runs a real cluster, and leaves nothing`() throws {
        let screen = try Self.open("demo")
        let before = try screen.children()
        try screen.press("2")
        try screen.wait("Bucket 1")
        try screen.press("6")
        try Self.endNode("node3")
        try screen.wait("✖ critical  unserved")
        try screen.wait("if node3 is dead: clusterip takeover node3")
        for pid in before { kill(pid, SIGKILL) }
        try screen.wait("what the demo started to end") {
            let status = try Program.run("lab", "status")
            let hasChildren = try before.contains { try !Program.run(["pgrep", "-P", String($0)]).lines.isEmpty }
            return !hasChildren && (status.output + status.errors).contains("no lab is up")
        }
        try screen.type("\nstty sane\n\(Program.directory)/clusterip lab status\n")
        try screen.wait("no lab is up")
    }

    /// Ends a node of the demo, and the agent in its network namespace, as a loss of power does.
    private static func endNode(_ name: String) throws {
        let status = try Program.run("lab", "status", "--format", "json").output
        let pid = try #require(status.firstMatch(of: try Regex("\"name\":\"\(name)\",\"pid\":([0-9]+)"))?[1].substring)
        let script = """
            home=$(readlink /proc/\(pid)/ns/net); kill -9 \(pid)
            for agent in $(pgrep clusterip-agent); do
              [ "$(readlink /proc/$agent/ns/net)" != "$home" ] || kill -9 $agent
            done
            """
        let outcome = try Program.run(["sh", "-c", script])
        #expect(outcome.errors.isEmpty, "\(outcome)")
    }

    @Test func `without a terminal it says so`() throws {
        let outcome = try Program.run("demo", "--simulated")
        #expect(outcome.status == "exit status 1")
        #expect(outcome.errors.contains("terminal"))
    }
}
