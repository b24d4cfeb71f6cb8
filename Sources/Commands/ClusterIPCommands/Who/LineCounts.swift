import Responsibility

/// The lines of a batch by what they were; complains of the bad ones.
struct LineCounts {
    /// The most bad lines that are named.
    private static let named = 20

    /// All lines.
    private(set) var all = 0
    /// Lines with a mistake.
    private(set) var bad = 0
    /// Lines that are no flow on purpose, by why.
    private(set) var skipped: [SkippedLine: Int] = [:]

    /// Counts the lines of a block.
    mutating func take(_ batch: FlowBatch) {
        all = batch.lineCount
        for (line, content) in batch.others {
            switch content {
            case .flow: break
            case .skipped(let why): skipped[why, default: 0] += 1
            case .error(let error):
                bad += 1
                if bad <= Self.named { Console.complain("line \(line): \(error)") }
            }
        }
    }

    /// Says how many bad lines were not named.
    func finish() {
        if bad > Self.named { Console.complain("and \(bad - Self.named) more bad lines") }
    }
}
