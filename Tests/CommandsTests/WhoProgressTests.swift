import Testing

/// The progress bar and Ctrl-C, in a real terminal.
@Suite struct WhoProgressTests {
    private static let who =
        "\(Program.directory)/clusterip who --hashmode sourceip --total-nodes 4 --hash-init 7"
    private static let lines = "yes 'tcp 10.0.0.1:1 -> 10.8.0.1:80'"

    @Test(arguments: [100, 30, 12]) func `Ctrl-C on an endless pipe ends with what is known`(columns: Int) throws {
        let screen = try Screen(columns: columns, rows: 30)
        try screen.type(
            "clear; \(Self.lines) | \(Self.who) --batch - --summary --format csv >/dev/null; echo \"status:$?\"\n")
        try screen.wait(columns == 12 ? " MB" : "MB read")
        try screen.press("C-c")
        let text = try screen.wait("status:130")
        #expect(!text.contains("B read") && !text.contains("B/s"))
        #expect(text.split(separator: "\n").joined().contains("stopped by Ctrl-C"))
    }

    @Test func `a stream that is watched shows what came last, though nothing follows`() throws {
        let screen = try Screen(columns: 100, rows: 30)
        let lines = "printf 'tcp 10.0.0.1:1 -> 10.8.0.1:80\\ntcp 10.0.0.2:1 -> 10.8.0.1:80\\n'"
        try screen.type("clear; { \(lines); cat; } | \(Self.who) --batch - --watch; echo \"status:$?\"\n")
        try screen.wait("2 lines, 2 distinct flows")
        try screen.press("C-c")
        try screen.wait("status:130")
    }

    @Test func `a file has a bar, and nothing of it is left`() throws {
        let screen = try Screen(columns: 100, rows: 30)
        let file = "/tmp/clusterip-test-progress-\(UInt32.random(in: 0...UInt32.max))"
        defer { _ = try? Program.run(["rm", "-f", file]) }
        // Lines that only the slow parsers read, so that reading takes longer than the bar's first moments.
        try screen.type("yes ' tcp 10.0.0.1:1 -> 10.8.0.1:80 ' | head -n 600000 > \(file); clear\n")
        try screen.type("\(Self.who) --batch \(file) --format csv > /dev/null; echo \"status:$?\"\n")
        try screen.wait("[#")
        let text = try screen.wait("status:0")
        #expect(!text.contains("[#") && !text.contains("B/s"))
    }

    @Test func `short work and what is no terminal have no bar`() throws {
        let screen = try Screen()
        try screen.type(
            "clear; echo 'tcp 10.0.0.1:1 -> 10.8.0.1:80' | \(Self.who) --batch - --summary | head -1; echo done:$?\n")
        #expect(!(try screen.wait("done:0").contains("B read")))
        let outcome = try Program.run([
            "bash", "-c", "\(Self.lines) | head -n 300000 | \(Self.who) --batch - --summary --format csv",
        ])
        #expect(outcome.errors.isEmpty && outcome.status == "exit status 0")
    }
}
