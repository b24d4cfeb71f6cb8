extension FlowParser {
    /// Reads the lines of a block of text into a batch; returns how many bytes were read.
    ///
    /// Unless the block is the last one, what follows its last newline is left: hand it in again, in front of the next
    /// block. A line that fills a whole block is read as a line too long; blocks should hold at least
    /// `maximumLineLength` bytes.
    public mutating func parse(
        block: UnsafeRawBufferPointer, isLast: Bool, into batch: inout FlowBatch
    ) -> Int {
        var start = 0
        while start < block.count {
            start = batch.appendFastLines(of: block, from: start)
            guard start < block.count else { break }
            let newline = block.position(of: UInt8(ascii: "\n"), from: start)
            guard newline != nil || isLast || start == 0 && block.count > Self.maximumLineLength else { break }
            let end = newline ?? block.count
            batch.lineCount += 1
            batch.append(parse(block.part(start, end)))
            start = newline == nil ? end : end + 1
        }
        return start
    }
}
