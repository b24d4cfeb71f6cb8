import FlowReading
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
            case .error(let error): badLines.add(line, error.description, error.kind)
            }
        }
    }

    /// Says how many bad lines were not named.
    func finish() { badLines.finish() }
}

/// The bad lines of a batch: the first are named on standard error, all are counted.
struct BadLines {
    /// The most bad lines that are named.
    private static let named = 20

    /// How many there were.
    private(set) var count = 0

    /// Whether the next one will be named.
    var namesNext: Bool { count < Self.named }

    /// How many there were of each kind, with the first.
    private var kinds: [String: (count: Int, first: Int, example: String)] = [:]

    /// Takes a bad line, which is of a kind of mistake.
    mutating func add(_ line: Int, _ what: String, _ kind: String) {
        count += 1
        kinds[kind, default: (0, line, what)].count += 1
        if count <= Self.named { CommandIO.complain("line \(line): \(what)") }
    }

    /// Says how many bad lines were not named, and how many there were of each kind, with an example.
    func finish() {
        guard count > Self.named else { return }
        CommandIO.complain("and \(count - Self.named) more bad lines, \(count) in all")
        for (kind, lines) in kinds.sorted(by: { ($1.value.count, $0.key) < ($0.value.count, $1.key) }) {
            CommandIO.complain("\(lines.count) × \(kind), the first in line \(lines.first): \(lines.example)")
        }
    }
}

/// What a listing left out.
struct Omissions {
    /// Lines that could not be answered.
    var bad = BadLines()
    /// Flows to other addresses than the one asked for.
    var otherDestination = 0

    /// Why flows could not be placed, with how many.
    var unplaced: [String: Int] = [:]

    /// The exit status that this comes to.
    var status: ExitStatus { bad.count == 0 && unplaced.isEmpty ? .done : .partly }

    /// Says what was left out, on standard error.
    func finish() {
        bad.finish()
        for (reason, count) in unplaced.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            CommandIO.complain("\(count) flow\(count == 1 ? "" : "s") not placed: \(reason)")
        }
        guard otherDestination > 0 else { return }
        CommandIO.complain("\(otherDestination) flow\(otherDestination == 1 ? "" : "s") to other addresses left out")
    }
}
