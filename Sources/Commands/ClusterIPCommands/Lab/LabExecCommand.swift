import ArgumentParser
import Lab

/// `clusterip lab exec`.
struct LabExecCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec", abstract: "Run a program in the network namespace of a node or the client.",
        usage: "clusterip lab exec NODE|client -- COMMAND [ARGUMENT …]",
        discussion: """
            Examples:
              clusterip lab exec node1 -- nft list ruleset
              clusterip lab exec client -- ip neigh show 10.8.0.1
            """)

    @Argument(help: "node1, node2, … or client.") var node: String

    @Argument(parsing: .postTerminator, help: "The program and its arguments, after `--`.") var command: [String] = []

    func validate() throws {
        if command.isEmpty { throw ValidationError("lab exec needs a program after `--`.") }
    }

    func run() throws {
        try CommandIO.run {
            try CommandError.inLab { () throws(LabError) -> Never in try Lab.exec(node, command) }
        }
    }
}
