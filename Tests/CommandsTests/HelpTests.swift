import Testing

@Suite struct HelpTests {
    /// Commands and their subcommands, as one types them.
    static let commands = [
        "demo", "console", "status", "findings", "who", "calibrate", "move", "drain", "restore", "takeover", "repair",
        "rebalance", "settle", "journal list", "journal show", "journal undo", "journal resume", "journal export",
        "install", "join", "reinstall", "resize", "leave", "uninstall", "lab up", "lab down", "lab status", "lab exec",
        "simulate",
    ]

    private static func help(_ command: String) throws -> [Substring] {
        try Program.run(
            [Program.directory + "/clusterip"] + command.split(separator: " ").map(String.init) + ["--help"]
        )
        .output.split(separator: "\n", omittingEmptySubsequences: false)
    }

    @Test(arguments: commands)
    func `an example can be pasted: no line is broken by the width of the help`(command: String) throws {
        let lines = try Self.help(command)
        guard let start = lines.firstIndex(where: { $0 == "Examples:" || $0 == "Example:" }) else { return }
        let examples = lines[(start + 1)...].prefix { !$0.isEmpty }
        #expect(!examples.isEmpty)
        for example in examples { #expect(example.hasPrefix("  "), "\(example)") }
        for (example, next) in zip(examples, examples.dropFirst()) where next.hasPrefix("    ") {
            #expect(example.hasSuffix(" \\"), "\(example)")
        }
    }

    @Test(arguments: ["journal show", "calibrate", "lab status"])
    func `what comes out as one thing is a table or JSON, and help says no other`(command: String) throws {
        #expect(try Self.help(command).joined(separator: "\n").contains("(values: table, json; default: table)"))
    }
}
