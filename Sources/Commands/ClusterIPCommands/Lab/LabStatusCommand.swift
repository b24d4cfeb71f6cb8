import ArgumentParser
import Lab

/// `clusterip lab status`.
struct LabStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show the lab's nodes and how the client's traffic was answered.",
        discussion: "Example: clusterip lab status --format json")

    @Option(help: DocumentFormat.help) var format = DocumentFormat.table

    func run() throws {
        try CommandIO.run {
            let status = try CommandError.inLab { () throws(LabError) in try LabStatus.read() }
            CommandIO.print(format == .json ? status.json() : LabStatusTable(status).text)
            return .done
        }
    }
}
