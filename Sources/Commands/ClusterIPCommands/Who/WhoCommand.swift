import ArgumentParser
import ClusterModel
import Responsibility

/// `clusterip who`: which bucket and which node a flow belongs to.
struct WhoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "who", abstract: "Who owns this flow? Answered by the kernel's own arithmetic.",
        usage: """
            clusterip who PROTO SRC[:PORT] DST[:PORT] [--explain]
            clusterip who --batch FILE|- [--format csv|ndjson]
            clusterip who … --hashmode MODE --total-nodes N --hash-init SEED
            """,
        discussion: """
            Examples:
              clusterip who tcp 10.9.1.2:40000 10.8.0.1:7777
              clusterip who icmp 192.0.2.1 10.8.0.1 --hashmode sourceip --total-nodes 16 --hash-init 0
              clusterip who --batch flows.csv > owners.csv

            A batch is CSV with a header line, or one JSON object a line. Its columns: protocol (name or number), \
            source, source_port, destination, destination_port and, where rows differ, hash_mode, total_nodes, \
            hash_init. The output repeats the columns and adds bucket, and owner where a cluster is asked. A bad line \
            is named on standard error and left out. \(ExitStatus.help)
            """)

    @Argument(help: ArgumentHelp("Protocol, source, destination.", valueName: "flow")) var flow: [String] = []

    @OptionGroup var cluster: ClusterOptions

    @OptionGroup var offline: PlacementOptions

    @Flag(help: "Print each word of the hash, the seed, the multiplication and what each node holds.") var explain =
        false

    @Option(help: ArgumentHelp("Many flows: a file, or - for standard input.", valueName: "file")) var batch: String?

    @Option(help: "csv or ndjson for batches; table, json, ndjson or csv for one flow.") var format: OutputFormat?

    func validate() throws {
        if batch == nil, flow.count != 3 {
            throw ValidationError(
                "who needs a protocol, a source and a destination: who tcp 10.9.1.2:40000 10.8.0.1:7777")
        }
        if batch != nil, !flow.isEmpty { throw ValidationError("give either a flow or --batch, not both") }
        if batch != nil, let format, format != .csv, format != .ndjson {
            throw ValidationError("a batch comes out as csv or ndjson")
        }
    }

    func run() throws {
        try Console.run {
            if let batch {
                return try WhoBatch(
                    path: batch, format: format ?? .csv, offline: try offline.placement(), cluster: cluster
                ).run()
            }
            let flow = try FlowText.flow(flow[0], flow[1], flow[2])
            let snapshot = offline.isGiven ? nil : try liveSnapshot()
            guard let placement = try offline.placement() ?? snapshot?.configuration.placement else { return .failed }
            let answer = WhoAnswer(flow: flow, placement: placement, snapshot: snapshot)
            Console.print(try answer.text(format: format ?? .table, explain: explain))
            return .done
        }
    }

    private func liveSnapshot() throws(CommandError) -> ClusterSnapshot {
        let connection = try ClusterConnection(cluster.load())
        defer { connection.close() }
        return try connection.settledSnapshot()
    }
}
