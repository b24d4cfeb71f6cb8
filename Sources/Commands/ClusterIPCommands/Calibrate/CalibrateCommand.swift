import ArgumentParser
import ClusterModel
import Responsibility

/// `clusterip calibrate`: which arithmetic wrote the marks of a node's connections.
struct CalibrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate", abstract: "Find a node's arithmetic from the marks of its connections.",
        usage: """
            clusterip calibrate FILE|- [--total-nodes N] [--hash-init SEED] [--to ADDRESS] [--format table|json]
            clusterip calibrate --node NAME
            """,
        discussion: """
            Examples:
              conntrack -L | clusterip calibrate -
              clusterip calibrate marks.txt --total-nodes 16 --hash-init 42
              clusterip calibrate --node node1

            ipt_CLUSTERIP, xt_cluster's usual rules and our own table write the bucket into the connection's mark; \
            only the marks tell for certain which jhash a kernel has. Connections without a mark are left out; so are \
            IPv6 ones. Without --total-nodes every number of buckets from the largest mark to 64 is tried.

            Exit status: 0 exactly one arithmetic explains every mark; 2 none does, or several do; 1 there are no \
            marks, or they cannot be read.
            """)

    @Argument(help: "Lines of conntrack -L: a file, or - for standard input.") var file: String?

    @OptionGroup var cluster: ClusterOptions

    @Option(help: ArgumentHelp("Read the connections of this node, by conntrack there.", valueName: "name"))
    var node: String?

    @Option(help: "The number of buckets, when it is known.") var totalNodes: String?

    @Option(help: ArgumentHelp("A seed to try; may be given several times.", valueName: "seed"))
    var hashInit: [String] = []

    @Option(help: ArgumentHelp("Only connections to this address.", valueName: "address")) var to: String?

    @Option(help: "table or json.") var format = OutputFormat.table

    func validate() throws {
        if (file == nil) == (node == nil) { throw ValidationError("give a file (or -), or --node NAME") }
        if format != .table, format != .json { throw ValidationError("a calibration comes out as table or json") }
    }

    func run() throws {
        try Console.run {
            var marks = MarkReader(destination: try destination())
            if let node { try marks.read(node: node, of: cluster.load()) }
            if let file { try marks.read(BlockReader(file, what: "list of connections")) }
            let report = CalibrationReport(marks, try calibration().run(on: marks.connections))
            Console.print(format == .json ? try JSONText.text(report, pretty: true) : report.text)
            return report.status
        }
    }

    private func calibration() throws(CommandError) -> Calibration {
        var calibration = Calibration()
        if let totalNodes { calibration.totals = [try PlacementText.totalNodes(totalNodes)] }
        if !hashInit.isEmpty {
            calibration.seeds = []
            for text in hashInit { calibration.seeds.append(try PlacementText.hashInit(text)) }
        }
        return calibration
    }

    private func destination() throws(CommandError) -> IPv4Address? {
        guard let to else { return nil }
        guard let address = IPv4Address(to) else {
            throw CommandError("--to \"\(to.madeSafe(limit: 60))\" is not an IPv4 address such as 10.8.0.1")
        }
        return address
    }
}
