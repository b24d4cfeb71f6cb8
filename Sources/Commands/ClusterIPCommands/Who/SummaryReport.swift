import Capture
import FlowReading
import Responsibility

/// What a summary says, ready for every format; the schema number changes when a key changes its meaning.
struct SummaryReport {
    /// A bucket, with what fell into it.
    struct Bucket {
        var number: Int
        var owner: String?
        var count: BucketCount
    }

    /// A node, with what fell into its buckets.
    struct Node {
        var name: String
        var buckets: Int
        var count: BucketCount
    }

    let scheme: HashScheme
    let ending: SummaryEnding
    let buckets: [Bucket]
    let nodes: [Node]
    let total: BucketCount
    let distinct: DistinctFlows
    let sources: HeavySources
    let unplaced: [String: UInt64]
    let comparison: Comparison?
    var lines: LineCounts?
    var capture: CaptureCounts?
    var destination: IPAddress?

    /// Whether bytes are known: always of a capture, of lines where they say it.
    var countsBytes: Bool { capture != nil || total.bytes > 0 }

    /// What records are: "packets" or "lines".
    var unit: String { capture == nil ? "lines" : "packets" }

    /// The report of a summary.
    init(
        _ summary: FlowSummary, _ basis: WhoBasis, _ other: ComparisonBasis?, lines: LineCounts? = nil,
        capture: CaptureCounts? = nil, ending: SummaryEnding
    ) {
        scheme = summary.scheme
        self.ending = ending
        buckets = summary.buckets.enumerated().map { index, count in
            let number = index + summary.scheme.firstBucket
            return Bucket(number: number, owner: basis.owners?.name(ofOwner: number), count: count)
        }
        total = buckets.reduce(BucketCount()) { $0 + $1.count }
        nodes = Self.nodes(buckets, basis.owners)
        distinct = summary.distinct
        sources = summary.sources
        unplaced = summary.unplaced
        comparison = other.map { Comparison(summary, basis.owners, $0) }
        self.lines = lines
        self.capture = capture
    }

    private static func nodes(_ buckets: [Bucket], _ owners: OwnerMap?) -> [Node] {
        guard let owners else { return [] }
        var nodes = owners.nodes.map { Node(name: $0, buckets: 0, count: BucketCount()) }
        var orphans = Node(name: "no node", buckets: 0, count: BucketCount())
        for bucket in buckets {
            if let index = owners.index(ofOwner: bucket.number) {
                nodes[index].buckets += 1
                nodes[index].count = nodes[index].count + bucket.count
            } else {
                orphans.buckets += 1
                orphans.count = orphans.count + bucket.count
            }
        }
        return nodes + (orphans.buckets > 0 ? [orphans] : [])
    }

    /// How many times the mean fell into a bucket.
    func unevenness(of bucket: Bucket) -> Double {
        total.records == 0 ? 1 : Double(bucket.count.records) * Double(buckets.count) / Double(total.records)
    }

    /// The buckets farthest from the mean, farthest first.
    func uneven(_ limit: Int) -> [Bucket] {
        guard buckets.count > 1, total.records > 0 else { return [] }
        let order = buckets.sorted { abs(unevenness(of: $0) - 1) > abs(unevenness(of: $1) - 1) }
        return Array(order.prefix(limit))
    }

    /// A line of CSV for each bucket.
    func csv(_ format: OutputFormat) -> String {
        CSV.line(["bucket", "owner", "records", "flows", "packets", "bytes", "share"])
            + buckets.map { bucket in
                let share = total.records == 0 ? 0 : Double(bucket.count.records) / Double(total.records)
                return CSV.line(
                    [
                        String(bucket.number), bucket.owner ?? "", String(bucket.count.records),
                        String(bucket.count.flows), String(bucket.count.packets), String(bucket.count.bytes),
                        Decimals.decimal(share, digits: 6),
                    ], format)
            }.joined()
    }
}

extension SummaryReport {
    private struct Document: Encodable {
        let schema = 1
        var ending: String
        var scheme: String
        var unit: String
        var destination: IPAddress?
        var total: Count
        var flows: Flows
        var apart: [String: UInt64]
        var unplaced: [String: UInt64]
        var buckets: [Row]
        var nodes: [NodeRow]
        var uneven: [Uneven]
        var heavySources: Heavy
        var comparison: Comparison?
    }

    private struct Count: Encodable {
        var records: UInt64
        var flows: UInt64
        var packets: UInt64
        var bytes: UInt64

        init(_ count: BucketCount) {
            (records, flows, packets, bytes) = (count.records, count.flows, count.packets, count.bytes)
        }
    }

    private struct Flows: Encodable {
        var distinct: UInt64
        var exact: Bool
        var standardError: Double
    }

    private struct Row: Encodable {
        var bucket: Int
        var owner: String?
        var records: UInt64
        var flows: UInt64
        var packets: UInt64
        var bytes: UInt64
    }

    private struct NodeRow: Encodable {
        var node: String
        var buckets: Int
        var count: Count
    }

    private struct Uneven: Encodable {
        var bucket: Int
        var timesMean: Double
    }

    private struct Heavy: Encodable {
        struct Source: Encodable {
            var source: String
            var atLeast: UInt64
            var atMost: UInt64
        }
        var slack: UInt64
        var sources: [Source]
    }

    /// The whole as one JSON document, or a line for each bucket.
    func json(lines: Bool) throws -> String {
        let rows = buckets.map { bucket in
            Row(
                bucket: bucket.number, owner: bucket.owner, records: bucket.count.records, flows: bucket.count.flows,
                packets: bucket.count.packets, bytes: bucket.count.bytes)
        }
        if lines { return try rows.map { try JSONText.text($0, pretty: false) }.joined() }
        let slack = sources.slack
        let document = Document(
            ending: ending.word, scheme: scheme.text, unit: unit, destination: destination, total: Count(total),
            flows: Flows(
                distinct: distinct.count, exact: distinct.isExact,
                standardError: distinct.variance(of: distinct.count).squareRoot()),
            apart: Dictionary(apart, uniquingKeysWith: +), unplaced: unplaced, buckets: rows,
            nodes: nodes.map { NodeRow(node: $0.name, buckets: $0.buckets, count: Count($0.count)) },
            uneven: uneven(5).map { Uneven(bucket: $0.number, timesMean: unevenness(of: $0)) },
            heavySources: Heavy(
                slack: slack,
                sources: sources.top(10).map {
                    .init(source: "\($0.source)", atLeast: $0.count, atMost: $0.count + slack)
                }),
            comparison: comparison)
        return try JSONText.text(document, pretty: true)
    }

    /// What was counted apart, by name; everything that is not 0.
    var apart: [(String, UInt64)] {
        var apart: [(String, UInt64)] = []
        if let capture {
            apart = [
                ("first_fragments", capture.firstFragments), ("later_fragments", capture.laterFragments),
                ("later_fragment_bytes", capture.laterFragmentBytes), ("truncated", capture.truncated),
                ("other_link_layer", capture.otherLinkLayer), ("not_ip", capture.notIP),
                ("malformed", capture.malformed),
                ("other_destination", capture.otherDestination),
            ]
        }
        if let lines {
            apart += [
                ("other_destination", UInt64(lines.otherDestination)), ("bad_lines", UInt64(lines.bad)),
            ]
            apart += SkippedLine.allCases.map { ("skipped_" + $0.rawValue, UInt64(lines.skipped[$0] ?? 0)) }
        }
        return apart.filter { $0.1 > 0 }.map { ($0.0.map { $0 == "-" ? "_" : String($0) }.joined(), $0.1) }
    }
}
