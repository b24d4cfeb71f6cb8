import Testing

@Suite struct PlanCommandTests {
    private static func run(_ arguments: String...) throws -> Program.Outcome {
        try Program.run([Program.directory + "/clusterip"] + arguments)
    }

    @Test(arguments: ["move", "drain", "restore", "takeover", "repair", "rebalance"])
    func `every command that plans has the same words for doing so`(command: String) throws {
        let help = try Self.run(command, "--help").output
        for option in ["--dry-run", "--yes", "--force", "--reason", "--format", "--cluster"] {
            #expect(help.contains(option), "\(command) lacks \(option)")
        }
    }

    @Test(arguments: [
        (["rebalance", "--weight", "node1"], "\"node1\" is not a weight: write NODE=NUMBER, such as node1=2"),
        (["rebalance", "--weight", "node1=nan"], "is not a weight"),
        (["rebalance", "--weight", "a=1", "--weight", "a=2"], "a has two weights: name it once"),
        (["rebalance", "--by", "rate", "--weight", "a=1"], "--weight goes with --by weight"),
        (["drain", "node1", "--format", "json"], "--format json asks nothing: add --yes, or --dry-run"),
    ])
    func `wrong usage is named before any node is asked`(arguments: [String], sentence: String) throws {
        let outcome = try Program.run([Program.directory + "/clusterip"] + arguments)
        #expect(outcome.status == "exit status 64")
        #expect(outcome.errors.contains(sentence))
    }

    @Test func `a cluster that cannot be looked at is neither good nor bad`() throws {
        let outcome = try Self.run("findings", "--cluster", "/nonexistent/cluster.yaml")
        #expect(outcome.status == "exit status 3")
        #expect(outcome.errors.contains("/nonexistent/cluster.yaml") && outcome.output.isEmpty)
    }
}
