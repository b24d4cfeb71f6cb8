import ArgumentParser
import ClusterModel
import Responsibility

/// `clusterip status`: the whole cluster, once.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show every node: state, buckets, counters, ARP and MAC.",
        discussion: """
            The table has a line for each node; csv and ndjson have a record for every bucket on every node; json has \
            everything, with a schema number.

            Examples:
              clusterip status
              clusterip status --cluster web --format json

            \(ExitStatus.help) Findings do not change the status: see `clusterip findings`.
            """)

    @OptionGroup var cluster: ClusterOptions

    @Option(help: OutputFormat.help) var format = OutputFormat.table

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp(
            "Watch for so many seconds whether services reply, 0.5 to 120.", valueName: "seconds"))
    var seconds = Seconds(1)

    @Flag(help: "Print what the nodes say first, without watching whether services reply.") var atOnce = false

    func run() throws {
        try CommandIO.run {
            let connection = try ClusterConnection(cluster.load(), interval: seconds.value / 2)
            var snapshot = try connection.awaitedSnapshot()
            if !atOnce { snapshot = connection.measuredSnapshot(limit: seconds.value * 1.5 + 1) ?? snapshot }
            connection.close()
            CutOffNotice.complain(cluster: connection.file.name)
            switch format {
            case .table: CommandIO.print(StatusTable(snapshot).text)
            case .json: CommandIO.print(try JSONText.text(StatusReport(snapshot), pretty: true))
            case .ndjson: for row in StatusRow.rows(snapshot) { CommandIO.print(try JSONText.text(row, pretty: false)) }
            case .csv, .spreadsheet:
                CommandIO.print(
                    CSV.line(StatusRow.columns) + StatusRow.rows(snapshot).map { CSV.line($0.fields, format) }.joined())
            }
            return .done
        }
    }
}
