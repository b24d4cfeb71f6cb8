import Capture
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
                        Units.decimal(share, digits: 6),
                    ], format)
            }.joined()
    }
}
