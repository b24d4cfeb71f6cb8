import ArgumentParser
import ClusterModel
import FlowReading
import Responsibility

/// `clusterip who`: which bucket and which node a flow belongs to.
struct WhoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "who", abstract: "Who owns this flow? Answered by the kernel's own arithmetic.",
        usage: """
            clusterip who [PROTO] SRC[:PORT] [DST[:PORT]] [--explain]
            clusterip who --batch FILE|- [--to ADDRESS] [--format csv|ndjson]
            clusterip who --batch FILE|- --summary [--format table|bars|json|ndjson|csv] [--compare-…]
            clusterip who --batch - --watch
            clusterip who --pcap FILE|- [--to ADDRESS] [--format …] [--compare-…]
            clusterip who … --hashmode MODE --total-nodes N --hash-init SEED
            clusterip who … --scheme SCHEME
            """,
        discussion: """
            Examples:
              clusterip who tcp 10.9.1.2:40000 10.8.0.1:7777
              clusterip who icmp 192.0.2.1 10.8.0.1 --hashmode sourceip --total-nodes 16
              clusterip who --batch flows.csv > owners.csv
              conntrack -L | clusterip who --batch - --summary
              conntrack -E | clusterip who --batch - --watch
              clusterip who --pcap day.pcapng --format bars
              clusterip who --pcap day.pcapng --owners node1=1-8,node2=9-16 \\
                --compare-owners node1=1-16

            A batch is a table with a header line (commas, semicolons, tabs or blanks), JSON objects, or lines of \
            conntrack, ss, netstat, lsof, tcpdump, tshark, nfdump, of a firewall's log, of the log of a web server \
            or proxy, and "tcp 10.9.1.2:40000 -> 10.8.0.1:80", each recognised by itself. A table's columns: protocol \
            (name or number), source, source_port, destination, destination_port and, where rows differ, hash_mode, \
            total_nodes, hash_init; the usual names of others are known, and --columns says what they mean. The \
            output repeats the columns and adds bucket, and owner where a cluster is asked. A bad line is named on \
            standard error and left out.

            A capture is pcap or pcapng, also packed by gzip or zstd, of Ethernet, Linux cooked, raw IP, loopback, PPP or \
            PPPoE, with any VLAN tags and MPLS labels. With a cluster captures and summaries \
            count only what goes to its address; --to says another, or any.

            \(ExitStatus.help)
            """)

    @Argument(help: ArgumentHelp("Protocol, source, destination.", valueName: "flow")) var flow: [String] = []

    @OptionGroup var cluster: ClusterOptions

    @OptionGroup var offline: SchemeOptions

    @Flag(help: "Print each word of the hash, the seed, the multiplication and what each node does with the packets.")
    var explain = false

    @Option(help: ArgumentHelp("Many flows: a file, or - for standard input.", valueName: "file")) var batch: String?

    @Option(help: ArgumentHelp("A capture, pcap or pcapng: a file, or - for standard input.", valueName: "file"))
    var pcap: String?

    @Flag(help: "Sum a batch up: lines, flows, packets and bytes by bucket and node (captures always are).")
    var summary = false

    @Option(
        help: ArgumentHelp(
            "Only packets or flows to this address, or \"any\"; a capture or summary has the cluster's for default.",
            valueName: "address"))
    var to: String?

    @OptionGroup var columns: ColumnOptions

    @OptionGroup var comparison: CompareOptions

    @Option(
        help: """
            csv or ndjson for batches; table, json, ndjson or csv for one flow; bars too for a summary. spreadsheet is csv \
            without formulas.
            """)
    var format: WhoFormat?

    @Flag(help: "Sum a stream up while it comes, such as conntrack -E or tcpdump -l: the table anew every second.")
    var watch = false

    @Flag(help: "Of a capture: the packets in tunnels (GRE, IP in IP, VXLAN, Geneve) in place of the tunnels' own.")
    var inner = false

    private var isSummary: Bool { pcap != nil || summary || watch }

    func validate() throws {
        if [batch != nil, pcap != nil, !flow.isEmpty].count(where: { $0 }) > 1 {
            throw ValidationError("give one of a flow, --batch and --pcap")
        }
        if batch == nil, pcap == nil, flow.isEmpty {
            throw ValidationError("who needs a flow: who tcp 10.9.1.2:40000 10.8.0.1:7777")
        }
        if inner, pcap == nil { throw ValidationError("--inner is for --pcap") }
        if watch, batch == nil { throw ValidationError("--watch is for --batch") }
        if !flow.isEmpty, summary { throw ValidationError("--summary is for --batch and --pcap") }
        if comparison.isGiven, !isSummary { throw ValidationError("a comparison is for --pcap and --batch --summary") }
        if to != nil, batch == nil, pcap == nil { throw ValidationError("--to is for --batch and --pcap") }
        if batch != nil, !isSummary, let format, !format.output.isCSV, format != .ndjson {
            throw ValidationError("a batch comes out as csv or ndjson; with --summary in every format")
        }
        if !isSummary, format == .bars { throw ValidationError("bars are for --summary and --pcap") }
    }

    func run() throws {
        try CommandIO.run {
            if let batch, !isSummary {
                return try WhoBatch(
                    path: batch, format: format?.output ?? .csv, offline: offline.parts, cluster: cluster,
                    owners: comparison.owners,
                    destination: try to.map { (to) throws(CommandError) in try address(to) } ?? nil,
                    columns: try columns.names()
                ).run()
            }
            let basis = try WhoBasis(offline.parts, cluster, owners: comparison.owners)
            guard isSummary else { return try answer(basis) }
            let summary = WhoSummary(
                basis: basis, comparison: comparison, destination: try destination(basis), format: format ?? .table,
                columns: try columns.names(), watches: watch, inner: inner)
            return try pcap.map(summary.run(capture:)) ?? summary.run(batch: batch ?? "-")
        }
    }

    private func answer(_ basis: WhoBasis) throws -> ExitStatus {
        let typed = try typedFlow(basis)
        let output = format?.output ?? .table
        if let scheme = basis.scheme, isSpread(typed, scheme) {
            CommandIO.print(try WhoSpread(typed.flow, scheme, basis).text(format: output))
        } else {
            CommandIO.print(try WhoAnswer(typed.flow, basis).text(format: output, explain: explain))
        }
        return .done
    }

    /// Whether a flow without its source port falls into more than one bucket; what cannot be placed is no such flow.
    private func isSpread(_ typed: TypedFlow, _ scheme: HashScheme) -> Bool {
        typed.missingPorts.intersection(scheme.ports).contains(.source) && (try? scheme.bucket(of: typed.flow)) != nil
    }

    /// The flow of the command line: to the cluster's address unless it says another, and with a destination port that
    /// is hashed.
    private func typedFlow(_ basis: WhoBasis) throws(CommandError) -> TypedFlow {
        let typed: TypedFlow
        let destination = basis.snapshot?.configuration.address
        let words = try HostNames.resolved(flow)
        do { typed = try TypedFlow(words.joined(separator: " "), destination: destination) } catch {
            throw CommandError(error.description)
        }
        // What the scheme cannot place at all is refused later, in the scheme's own words.
        guard let scheme = basis.scheme, (try? scheme.bucket(of: typed.flow)) != nil else { return typed }
        if typed.missingPorts.intersection(scheme.ports).contains(.destination) {
            throw CommandError("the destination port is hashed: write it behind \(typed.flow.destination)")
        }
        return typed
    }

    /// The address that what is summed up must go to: the option's, else the cluster's, else any.
    private func destination(_ basis: WhoBasis) throws(CommandError) -> IPAddress? {
        guard let to else { return basis.snapshot?.configuration.address }
        return try address(to)
    }

    /// The address of `--to`; nil for any.
    private func address(_ to: String) throws(CommandError) -> IPAddress? {
        if to == "any" { return nil }
        guard let address = IPAddress(to) else {
            throw CommandError("--to \"\(to.madeSafe(limit: 60))\" is not an address such as 10.8.0.1, or any")
        }
        return address
    }
}
