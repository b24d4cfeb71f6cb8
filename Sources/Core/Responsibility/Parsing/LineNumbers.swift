/// The numbers of lines, the first line being 1, rising, kept as runs of lines that follow one another.
///
/// The index is that of the flow in its batch. Memory grows with the runs, not with the lines. Source: this library.
public struct LineNumbers: RandomAccessCollection, Hashable, Sendable {
    private struct Run: Hashable, Sendable {
        /// The index of its first line.
        var index: Int
        /// The number of its first line.
        var line: Int
    }

    private var runs: [Run] = []
    /// How many lines there are.
    public private(set) var count = 0

    /// No lines.
    init() {}

    /// The index of the first line, 0.
    public var startIndex: Int { 0 }
    /// The index behind the last line.
    public var endIndex: Int { count }

    /// The number of the line at an index, 0…`count` − 1, in logarithmic time; any other index ends the program.
    public subscript(index: Int) -> Int {
        precondition(index >= 0 && index < count, "there is no such line")
        var (from, to) = (0, runs.count - 1)
        while from < to {
            let middle = (from + to + 1) / 2
            if runs[middle].index <= index { from = middle } else { to = middle - 1 }
        }
        return runs[from].line + index - runs[from].index
    }

    /// The index of the first line, from an index on, whose number is above this one; `count` when there is none.
    public func firstIndex(from start: Int, above line: Int) -> Int {
        var (from, to) = (start, count)
        while from < to {
            let middle = (from + to) / 2
            if self[middle] > line { to = middle } else { from = middle + 1 }
        }
        return from
    }

    /// Adds so many lines that follow one another, from a number on.
    mutating func append(_ line: Int, count added: Int = 1) {
        guard added > 0 else { return }
        if let last = runs.last, last.line + count - last.index == line {
            count += added
            return
        }
        runs.append(Run(index: count, line: line))
        count += added
    }

    /// Forgets all lines and keeps the memory.
    mutating func removeAll() {
        runs.removeAll(keepingCapacity: true)
        count = 0
    }
}
