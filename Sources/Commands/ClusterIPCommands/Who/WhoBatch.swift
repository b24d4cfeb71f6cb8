import ArgumentParser
import ClusterModel
import FlowReading
import Responsibility

/// `clusterip who --batch`: many flows in, the same flows with bucket and owner out, block by block.
struct WhoBatch {
    let path: String
    let format: OutputFormat
    let offline: SchemeParts
    let cluster: ClusterOptions
    let owners: String?
    /// Only flows to this address come out; nil: all.
    let destination: IPAddress?

    /// What names of columns mean.
    let columns: ColumnNames

    /// Reads, answers and prints everything; bad lines are named and left out.
    func run() throws(CommandError) -> ExitStatus {
        _ = try offline.value()
        let reader = try BlockReader(path, what: "batch")
        var batch: LineBatch?
        try reader.forEachBlock(printsMeanwhile: true) { (block, isLast) throws(CommandError) -> Int in
            if batch == nil { batch = try begin(block, isLast) }
            return batch?.take(block, isLast: isLast) ?? 0
        }
        guard var batch else {
            guard reader.isInterrupted else { throw CommandError("the batch \(path.madeSafe(limit: 200)) is empty") }
            return reader.interruption
        }
        batch.finish()
        batch.omissions.finish()
        return reader.isInterrupted ? reader.interruption : batch.omissions.status
    }

    /// A batch, once its first line is there as a whole: a table may say itself how its rows are placed.
    private func begin(_ block: UnsafeRawBufferPointer, _ isLast: Bool) throws(CommandError) -> LineBatch? {
        let isWhole = isLast && !block.isEmpty || block.count > FlowParser.maximumLineLength
        guard let end = block.firstIndex(of: 10) ?? (isWhole ? block.count : nil) else { return nil }
        let line = String(decoding: block[..<end], as: UTF8.self)
        let isComplete = !offline.isGiven && ["hash_mode", "total_nodes", "hash_init"].allSatisfy(line.contains)
        let basis = isComplete ? WhoBasis() : try WhoBasis(offline, cluster, owners: owners)
        return LineBatch(format: format, basis: basis, columns: columns, destination: destination)
    }
}

/// What answers are given from: an arithmetic, and the nodes where a cluster is known.
struct WhoBasis {
    /// The arithmetic; nil when each row says its own.
    var scheme: HashScheme?
    /// The cluster; nil offline.
    var snapshot: ClusterSnapshot?
    /// The owners of buckets; nil when nothing tells them.
    var owners: OwnerMap?

    /// The basis that options describe: offline, or the live cluster.
    init(_ offline: SchemeParts, _ cluster: ClusterOptions, owners text: String?) throws(CommandError) {
        if let scheme = try offline.value() {
            self.scheme = scheme
        } else {
            let snapshot = try Self.liveSnapshot(cluster)
            self.snapshot = snapshot
            scheme = snapshot.configuration.scheme
            owners = OwnerMap(snapshot)
        }
        if let text, let scheme { owners = try OwnerMap(parsing: text, scheme: scheme) }
    }

    /// A basis of which each row says all.
    init() {}

    /// The arithmetic of a line: its own parts, and for those it does not have the basis's.
    func scheme(of record: FlowRecord) throws(CommandError) -> HashScheme {
        if let scheme { return scheme.over(record) }
        guard let mode = record.hashMode, let total = record.bucketCount, let seed = record.seed else {
            throw CommandError("the row does not say hash_mode, total_nodes and hash_init, and no cluster is asked")
        }
        return .clusterIP(Placement(mode: mode, bucketCount: total, seed: seed))
    }

    /// The owner of a bucket that a flow of this scheme fell into; nil when it is not the scheme of the owners.
    func owner(of bucket: Int, in scheme: HashScheme) -> String? {
        scheme == self.scheme ? owners?.name(ofOwner: bucket) : nil
    }

    private static func liveSnapshot(_ cluster: ClusterOptions) throws(CommandError) -> ClusterSnapshot {
        let connection = try ClusterConnection(cluster.load())
        defer { connection.close() }
        return try connection.awaitedSnapshot()
    }
}

/// How `clusterip who` prints; what fits depends on what is asked.
enum WhoFormat: String, CaseIterable, ExpressibleByArgument {
    /// For people.
    case table
    /// For people: a bar for each bucket and node.
    case bars
    /// One JSON document.
    case json
    /// One JSON object a line.
    case ndjson
    /// Comma-separated values with a header line.
    case csv
    /// The same with no cell that a spreadsheet would take for a formula.
    case spreadsheet

    /// The same among the formats that all commands have; bars are none.
    var output: OutputFormat { OutputFormat(rawValue: rawValue) ?? .table }
}
