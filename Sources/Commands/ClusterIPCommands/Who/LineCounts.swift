import Responsibility

/// The lines of a batch by what they were; complains of the bad ones.
struct LineCounts {
    /// All lines.
    private(set) var all = 0
    /// Flows to other addresses than the one asked for.
    var otherDestination = 0
    /// Lines with a mistake.
    var bad: Int { badLines.count }
    private var badLines = BadLines()
    /// Lines that are no flow on purpose, by why.
    private(set) var skipped: [SkippedLine: Int] = [:]

    /// Counts the lines of a block.
    mutating func take(_ batch: FlowBatch) {
        all = batch.lineCount
        for (line, content) in batch.others {
            switch content {
            case .flow: break
            case .skipped(let why): skipped[why, default: 0] += 1
            case .error(let error): badLines.add(line, error.description)
            }
        }
    }

    /// Says how many bad lines were not named.
    func finish() { badLines.finish() }
}
