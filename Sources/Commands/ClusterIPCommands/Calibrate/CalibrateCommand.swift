import ArgumentParser
import ClusterModel
import Responsibility

/// `clusterip calibrate`: which arithmetic wrote the marks of a node's connections.
struct CalibrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate", abstract: "Find a node's arithmetic from the marks of its connections.",
        usage: """
            clusterip calibrate FILE|- [--total-nodes N] [--hash-init SEED] [--to ADDRESS] [--format table|json]
            clusterip calibrate --node NAME [--ipv6]
            clusterip calibrate FILE|- --search-seed [--total-nodes N] [--kernel V] [--byte-order O]
            """,
        discussion: """
            Examples:
              conntrack -L | clusterip calibrate -
              clusterip calibrate marks.txt --total-nodes 16 --hash-init 42
              clusterip calibrate --node node1 --hash-init 42
              conntrack -L -f ipv6 | clusterip calibrate - --ipv6 --hash-init 42

            ipt_CLUSTERIP, xt_cluster's usual rules, nftables' and our own table write the bucket into the \
            connection's mark; only the marks tell for certain which jhash a kernel has. Every hash, generation, byte \
            order, number of buckets and place in the mark is weighed, and the answer says how far chance could have \
            made it: "explained" only where chance, or another arithmetic, has less than one case in a million; \
            else "probably", "ambiguous between", or none. Marks that other rules wrote may disagree. Connections \
            without a mark are left out. With --ipv6 the IPv6 connections are looked at instead of the IPv4 ones.

            --search-seed tries all 4,294,967,296 seeds when none is known, one arithmetic after the other, some \
            seconds each; Ctrl-C ends it with what was found. It needs at least (42 + log2 A) / log2 N connections \
            that differ in what is hashed, A being the number of arithmetics. Where no seed explains every mark, a \
            second round, some times as long, tolerates a fifth that disagree.

            Exit status: 0 explained; 2 probably, ambiguous, or none; 1 there are no marks, or they cannot be read; \
            130 Ctrl-C ended the search.
            """)

    @Argument(help: "Lines of conntrack -L: a file, or - for standard input.") var file: String?

    @OptionGroup var cluster: ClusterOptions

    @OptionGroup var columns: ColumnOptions

    @Option(help: ArgumentHelp("Read the connections of this node, by conntrack there.", valueName: "name"))
    var node: String?

    @Flag(help: "The IPv6 connections instead of the IPv4 ones.") var ipv6 = false

    @Option(help: "The number of buckets, when it is known.") var totalNodes: String?

    @Option(help: ArgumentHelp("A seed to try; may be given several times.", valueName: "seed"))
    var hashInit: [String] = []

    @Flag(help: "Try all seeds.") var searchSeed = false

    @Option(help: "With --search-seed: only the arithmetic of this kernel, such as 3.10.") var kernel: String?

    @Option(help: "With --search-seed: only this byte order, little or big.") var byteOrder: String?

    @Option(help: ArgumentHelp("Only connections to this address.", valueName: "address")) var to: String?

    @Option(help: DocumentFormat.help) var format = DocumentFormat.table

    func validate() throws {
        if (file == nil) == (node == nil) { throw ValidationError("give a file (or -), or --node NAME") }
        if !searchSeed, kernel != nil || byteOrder != nil {
            throw ValidationError("--kernel and --byte-order are for --search-seed; else every one is tried")
        }
    }

    func run() throws {
        try CommandIO.run {
            var marks = MarkReader(destination: try destination(), isV6: ipv6)
            var known: HashScheme?
            if let node {
                let file = try cluster.load()
                try marks.read(node: node, of: file)
                known = settings(of: node, file)
            }
            if let file { try marks.read(BlockReader(file, what: "list of connections"), columns: columns.names()) }
            var calibration = try calibration(known)
            var report = CalibrationReport(marks, calibration.run(on: marks.connections))
            if searchSeed, !marks.isInterrupted, report.result != .explained, report.result != .noEvidence {
                var run = SeedSearchRun(
                    schemes: try schemes(), marks: marks.connections, total: calibration.totals.first)
                run.search()
                if !run.found.isEmpty {
                    (calibration.seeds, calibration.seedsConsidered) = (run.found, 4_294_967_296)
                    report = CalibrationReport(marks, calibration.run(on: marks.connections))
                }
                report.take(run)
            }
            CommandIO.print(format == .json ? try JSONText.text(report, pretty: true) : report.text)
            if marks.isInterrupted {
                CommandIO.complain("stopped by Ctrl-C: the result is of the connections that were read by then")
                return .interrupted
            }
            return report.status
        }
    }

    /// What the node itself says of its seed and its buckets, which marks can confirm; nil when its agent says nothing.
    private func settings(of node: String, _ file: ClusterFile) -> HashScheme? {
        guard let connection = try? ClusterConnection(file) else { return nil }
        defer { connection.close() }
        return (try? connection.awaitedSnapshot())?.nodes.first { $0.name == node }?.sample?.configuration.scheme
    }

    private func calibration(_ known: HashScheme?) throws(CommandError) -> Calibration {
        var calibration = Calibration()
        if let known, let seed = known.seed, !calibration.seeds.contains(seed) {
            calibration.seeds.append(seed)
            calibration.seedsConsidered = Double(calibration.seeds.count)
        }
        if let totalNodes { calibration.totals = [try PlacementText.totalNodes(totalNodes)] }
        if !hashInit.isEmpty {
            var seeds: [UInt32] = []
            for text in hashInit { seeds.append(try PlacementText.hashInit(text)) }
            (calibration.seeds, calibration.seedsConsidered) = (seeds, Double(seeds.count))
        }
        return calibration
    }

    /// The arithmetics that a search for the seed tries.
    private func schemes() throws(CommandError) -> [HashScheme] {
        let parts = SchemeParts(kernel: kernel, byteOrder: byteOrder)
        let order = try parts.order()
        var generation = try parts.generation()
        // Of IPv6 the hash did not change in 4.1.
        if ipv6, generation == .lookup3WithoutLength { generation = .lookup3 }
        let schemes = ipv6 ? Calibration.schemesV6(bucketCount: 2) : Calibration.schemes(bucketCount: 2)
        return schemes.filter { scheme in
            if case .nft = scheme { return generation ?? .lookup3 == .lookup3 }
            let parts = scheme.asPlacement
            let isOfEitherOrder = parts.mode == .sourceIP && !scheme.isClusterMatch
            return (generation == nil || parts.generation == generation)
                && (order == nil || parts.byteOrder == order || isOfEitherOrder)
        }
    }

    private func destination() throws(CommandError) -> IPAddress? {
        guard let to else { return nil }
        guard let address = IPAddress(to), address.family == (ipv6 ? .v6 : .v4) else {
            throw CommandError(
                "--to \"\(to.madeSafe(limit: 60))\" is not an "
                    + (ipv6 ? "IPv6 address such as 2001:db8::1" : "IPv4 address such as 10.8.0.1"))
        }
        return address
    }
}
