extension FlowParser {
    /// Reads the lines of a block of text into a batch; returns how many bytes were read.
    ///
    /// Unless the block is the last one, what follows its last newline is left: hand it in again, in front of the next
    /// block. A line that fills a whole block is one line too long, wherever it ends; blocks must hold more than
    /// `maximumLineLength` bytes. Mistakes go to the batch's `others`, with the numbers of their lines; nothing is thrown.
    public mutating func parse(
        block: UnsafeRawBufferPointer, isLast: Bool, into batch: inout FlowBatch
    ) -> Int {
        var start = isInLongLine ? endOfLongLine(block) : 0
        while start < block.count {
            start = batch.appendFastLines(of: block, from: start)
            guard start < block.count else { break }
            let newline = block.position(of: UInt8(ascii: "\n"), from: start)
            let fillsBlock = newline == nil && !isLast && start == 0 && block.count > Self.maximumLineLength
            guard newline != nil || isLast || fillsBlock else { break }
            let end = newline ?? block.count
            batch.lineCount += 1
            batch.append(parse(block.part(start, end)))
            isInLongLine = fillsBlock
            start = newline == nil ? end : end + 1
        }
        return start
    }

    /// Where the rest of a line that was too long ends.
    private mutating func endOfLongLine(_ block: UnsafeRawBufferPointer) -> Int {
        guard let newline = block.position(of: UInt8(ascii: "\n")) else { return block.count }
        isInLongLine = false
        return newline + 1
    }
}
