/// The words of a line, separated by spaces and tabs.
struct Words: Sequence, IteratorProtocol {
    private var rest: Bytes

    init(_ line: Bytes) { rest = line }

    /// What has not been read yet.
    var remainder: Bytes { rest }

    mutating func next() -> Bytes? {
        var start = 0
        while start < rest.count, rest[start].isSpace { start += 1 }
        guard start < rest.count else { return nil }
        var end = start
        while end < rest.count, !rest[end].isSpace { end += 1 }
        let word = rest.part(start, end)
        rest = rest.after(end)
        return word
    }
}
