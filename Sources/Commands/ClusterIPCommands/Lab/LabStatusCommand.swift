import ArgumentParser
import Lab

/// `clusterip lab status`.
struct LabStatusCommand: ParsableCommand {
    /// How the status is written.
    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show the lab's nodes and how the client's traffic was answered.",
        discussion: "Example: clusterip lab status --format json")

    @Option(help: "table or json.") var format = Format.table

    func run() throws {
        try CommandIO.run {
            let status = try CommandError.inLab { () throws(LabError) in try LabStatus.read() }
            CommandIO.print(format == .json ? status.json() : LabStatusTable(status).text)
            return .done
        }
    }
}
