import ArgumentParser
import ClusterModel

/// `clusterip findings`: what is wrong or odd, for people and for monitoring.
struct FindingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "findings", abstract: "Show what is wrong or odd, and the command that ends it.",
        discussion: """
            Watches the cluster for two samples of every node, about a second. The worst comes first; each finding has \
            what was seen, what clients notice, and what ends it.

            Exit status, as monitoring expects it: 0 nothing found; 1 a notice or a warning; 2 something critical, \
            clients suffer; 3 the cluster could not be looked at, one sentence on standard error says why; 64 wrong usage.
            """)

    /// The exit status when the cluster cannot be looked at.
    private static let unknown: Int32 = 3

    @OptionGroup var cluster: ClusterOptions

    @Option(help: "table, json, ndjson or csv.") var format = OutputFormat.table

    func run() throws {
        let status: Int32
        do {
            let snapshot = try observed()
            try Console.print(FindingsReport(snapshot).text(format))
            status = snapshot.findings.first.map { $0.severity == .critical ? 2 : 1 } ?? 0
        } catch let error as CommandError {
            Console.complain(error.description)
            status = Self.unknown
        }
        if status != 0 { throw ExitCode(status) }
    }

    private func observed() throws(CommandError) -> ClusterSnapshot {
        let connection = try ClusterConnection(cluster.load())
        defer { connection.close() }
        let snapshot = try connection.settledSnapshot()
        return connection.snapshotWithRates() ?? snapshot
    }
}
