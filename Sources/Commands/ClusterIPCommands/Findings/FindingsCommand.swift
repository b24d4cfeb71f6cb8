import ArgumentParser
import ClusterModel
import Glibc
import NodeLinks

/// `clusterip findings`: what is wrong or odd, for people and for monitoring.
struct FindingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "findings", abstract: "Show what is wrong or odd, and the command that ends it.",
        discussion: """
            The worst comes first; each finding has what was seen, what clients notice, and what ends it. Who received \
            how much is measured for a second; a cluster with little traffic may want --for 10. Docs/Findings.md lists \
            them all.

            Exit status, as monitoring expects it: 0 nothing found; 1 a notice or a warning; 2 something critical, \
            clients suffer; 3 the cluster could not be looked at or the findings not be written, one sentence on standard \
            error says why; 64 wrong usage.

            Examples:
              clusterip findings --quiet || echo "status $?"
              clusterip findings --for 10s --format json
            """)

    /// The exit status when the cluster cannot be looked at.
    private static let unknown: Int32 = 3

    @OptionGroup var cluster: ClusterOptions

    @Option(help: OutputFormat.help) var format = OutputFormat.table

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("Measure for so many seconds, 0.5 to 120.", valueName: "seconds"))
    var seconds = Seconds(1)

    @Flag(help: "Print nothing on standard output; the exit status says it all.") var quiet = false

    func run() throws {
        let status: Int32
        do {
            let connection = try ClusterConnection(cluster.load(), interval: seconds.value / 2)
            defer { connection.close() }
            status = try look(connection)
        } catch let error as CommandError {
            CommandIO.complain(error.description)
            status = Self.unknown
        }
        if status != 0 { throw ExitCode(status) }
    }

    /// Prints the findings; a reader that has seen enough is no reason for another status.
    private func show(_ text: String) throws(CommandError) {
        let error = CommandIO.offer(text)
        guard error == 0 || error == EPIPE else {
            throw CommandError("the findings cannot be written: \(String(cString: strerror(error)))")
        }
    }

    /// Prints the findings and gives the exit status.
    private func look(_ connection: ClusterConnection) throws -> Int32 {
        do {
            let settled = try connection.awaitedSnapshot(limit: 12)
            let snapshot = connection.measuredSnapshot(limit: seconds.value * 1.5 + 2) ?? settled
            if !quiet { try show(FindingsReport(snapshot).text(format)) }
            return snapshot.findings.first.map { $0.severity == .critical ? 2 : 1 } ?? 0
        } catch let error as CommandError where connection.fleet.statuses.contains(where: \.isBare) {
            // The nodes that were heard carry the address, and none has a table: that is no lack of knowledge.
            CommandIO.complain(error.description)
            return 2
        }
    }
}
