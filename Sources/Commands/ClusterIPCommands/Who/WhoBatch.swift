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
