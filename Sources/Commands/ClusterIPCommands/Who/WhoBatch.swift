import ArgumentParser
import ClusterModel
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

    private enum Kind {
        case rows(RowBatch)
        case lines(LineBatch)
    }

    /// Reads, answers and prints everything; bad lines are named and left out.
    func run() throws(CommandError) -> ExitStatus {
        _ = try offline.value()
        let reader = try BlockReader(path, what: "batch")
        var kind: Kind?
        var lines = BatchLines()
        try reader.forEachBlock(printsMeanwhile: true) { (block, isLast) throws(CommandError) -> Int in
            if kind == nil { kind = try begin(block, isLast) }
            switch kind {
            case .lines(var batch):
                kind = nil
                defer { kind = .lines(batch) }
                return batch.take(block, isLast: isLast)
            case .rows(var batch):
                kind = nil
                defer { kind = .rows(batch) }
                return try lines.take(block, isLast: isLast) { line, number in
                    if number > 1 { batch.take(line, number: number) }
                }
            case nil: return 0
            }
        }
        return try finish(kind, reader)
    }

    private func finish(_ kind: Kind?, _ reader: BlockReader) throws(CommandError) -> ExitStatus {
        var omissions = Omissions()
        switch kind {
        case .rows(var batch):
            batch.flush()
            omissions = batch.omissions
        case .lines(let batch): omissions = batch.omissions
        case nil:
            guard reader.isInterrupted else { throw CommandError("the batch \(path.madeSafe(limit: 200)) is empty") }
        }
        omissions.finish()
        return reader.isInterrupted ? reader.interruption : omissions.status
    }

    /// What a batch is, from its first line; nil while that is not there as a whole.
    private func begin(_ block: UnsafeRawBufferPointer, _ isLast: Bool) throws(CommandError) -> Kind? {
        let isWhole = isLast && !block.isEmpty || block.count > FlowParser.maximumLineLength
        guard let end = block.firstIndex(of: 10) ?? (isWhole ? block.count : nil) else { return nil }
        var line = Array(block[..<end])[...]
        if line.last == 13 { line.removeLast() }
        guard RowBatch.begins(with: line) else {
            let basis = try WhoBasis(offline, cluster, owners: owners)
            guard let scheme = basis.scheme else { return nil }
            return .lines(LineBatch(format: format, basis: basis, scheme: scheme, destination: destination))
        }
        return .rows(
            try RowBatch(first: line, format: format, destination: destination) { (columns) throws(CommandError) in
                let isComplete = BatchRow.placementColumns.allSatisfy(columns.contains)
                return !offline.isGiven && isComplete ? WhoBasis() : try WhoBasis(offline, cluster, owners: owners)
            })
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
