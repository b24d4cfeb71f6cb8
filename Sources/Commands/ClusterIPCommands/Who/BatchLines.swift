/// Cuts blocks into lines with their numbers.
struct BatchLines {
    /// The number of the last line.
    private(set) var count = 0

    /// Hands each whole line of a block to `body`, without its line break; returns how many bytes were taken.
    mutating func take(
        _ block: UnsafeRawBufferPointer, isLast: Bool,
        _ body: (ArraySlice<UInt8>, _ number: Int) throws(CommandError) -> Void
    ) throws(CommandError) -> Int {
        var start = 0
        while start < block.count {
            let rest = block[start...]
            guard let end = rest.firstIndex(of: 10) ?? (isLast ? block.count : nil) else { break }
            count += 1
            let line = Array(block[start..<end])[...]
            try body(line.last == 13 ? line.dropLast() : line, count)
            start = min(end + 1, block.count)
        }
        return start
    }
}
