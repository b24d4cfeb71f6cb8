import ClusterModel
import FlowReading
import Responsibility

/// The answer for a client without its port: how its connections spread over buckets and nodes.
struct WhoSpread {
    /// The ports that a client's connections have.
    static let ports: ClosedRange<UInt16> = 1024...65_535

    /// The flow without its source port.
    let flow: Flow
    let scheme: HashScheme
    let basis: WhoBasis
    /// How many of the ports fall into each bucket, first bucket first.
    private let buckets: [UInt64]

    /// The spread of a flow; throws when the arithmetic does not place it.
    init(_ flow: Flow, _ scheme: HashScheme, _ basis: WhoBasis) throws(CommandError) {
        (self.flow, self.scheme, self.basis) = (flow, scheme, basis)
        var buckets = [UInt64](repeating: 0, count: Int(min(scheme.bucketCount, FlowSummary.maximumBuckets)))
        for port in Self.ports {
            var flow = flow
            flow.sourcePort = port
            do {
                let bucket = try scheme.bucket(of: flow) - scheme.firstBucket
                if buckets.indices.contains(bucket) { buckets[bucket] += 1 }
            } catch { throw CommandError(error.description) }
        }
        self.buckets = buckets
    }

    /// The spread in a format.
    func text(format: OutputFormat) throws -> String {
        switch format {
        case .table: table
        case .json: try JSONText.text(document, pretty: true)
        case .ndjson: try rows.map { try JSONText.text($0, pretty: false) }.joined()
        case .csv, .spreadsheet:
            CSV.line(["bucket", "owner", "ports", "share"])
                + rows.map {
                    CSV.line(
                        [String($0.bucket), $0.owner ?? "", String($0.ports), Decimals.decimal($0.share, digits: 6)],
                        format)
                }.joined()
        }
    }

    private struct Row: Encodable {
        var bucket: Int
        var owner: String?
        var ports: UInt64
        var share: Double
    }

    private struct Node: Encodable {
        var node: String
        var ports: UInt64
        var share: Double
    }

    private struct Document: Encodable {
        let schema = 1
        var `protocol`: String
        var source: String
        var destination: String
        var destinationPort: UInt16
        var firstPort: UInt16
        var lastPort: UInt16
        var buckets: [Row]
        var nodes: [Node]
    }

    private var total: UInt64 { UInt64(Self.ports.count) }

    private var rows: [Row] {
        buckets.enumerated().filter { $0.element > 0 }.map { index, ports in
            let number = index + scheme.firstBucket
            return Row(
                bucket: number, owner: basis.owners?.name(ofOwner: number), ports: ports,
                share: Double(ports) / Double(total))
        }
    }

    /// The nodes, those that answer most first; last what nobody answers.
    private var nodes: [Node] {
        guard basis.owners != nil else { return [] }
        var counts: [String: UInt64] = [:]
        for row in rows { counts[row.owner ?? "no node", default: 0] += row.ports }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { Node(node: $0.key, ports: $0.value, share: Double($0.value) / Double(total)) }
    }

    private var document: Document {
        Document(
            protocol: flow.transport.description, source: "\(flow.source)", destination: "\(flow.destination)",
            destinationPort: flow.destinationPort, firstPort: Self.ports.lowerBound, lastPort: Self.ports.upperBound,
            buckets: rows, nodes: nodes)
    }

    private var table: String {
        var text =
            "the source port is hashed, so that connections of \(flow.source) spread: of its ports "
            + "\(Self.ports.lowerBound) to \(Self.ports.upperBound)\n"
        if !nodes.isEmpty {
            var table = TextTable([("NODE", .left), ("PORTS", .right), ("SHARE", .right)])
            for node in nodes { table.add([node.node, String(node.ports), Decimals.percent(node.ports, of: total)]) }
            text += "\n" + table.text
        }
        let shown = rows.count <= 64 ? rows : []
        guard !shown.isEmpty else {
            return text + "\nthey fall into \(rows.count) of \(buckets.count) buckets; csv and json have all\n"
        }
        var table = TextTable([("BUCKET", .right), ("OWNER", .left), ("PORTS", .right), ("SHARE", .right)])
        for row in shown {
            table.add([String(row.bucket), row.owner ?? "-", String(row.ports), Decimals.percent(row.ports, of: total)])
        }
        return text + "\n" + table.text + "\nwrite its port for the one bucket: \(example)\n"
    }

    private var example: String {
        switch flow.source {
        case .v4: "\(flow.source):40000"
        case .v6: "[\(flow.source)]:40000"
        }
    }
}
