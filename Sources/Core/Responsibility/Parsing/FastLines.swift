internal import CVectorHash

/// The quick way through lines `tcp 10.0.0.1:1234 -> 10.0.0.2:80`, with the processor's vectors where it has them.
enum FastLines {
    /// Whether this processor has the vectors.
    static let hasVectors = clusterip_lines_available()

    /// Reads lines from the start of a block into columns until one is not exactly of this form, the block's end is near
    /// or the room is full; returns how many bytes were read.
    static func read(_ block: UnsafeRawBufferPointer, into columns: inout clusterip_lines, vectors: Bool) -> Int {
        guard !vectors else {
            return clusterip_read_lines(block.baseAddress?.assumingMemoryBound(to: UInt8.self), block.count, &columns)
        }
        var offset = 0
        while columns.count < columns.room, block.count - offset >= FastLine.reach,
            let (row, length) = FastLine.read(block, at: offset)
        {
            columns.put(row, at: columns.count)
            columns.count += 1
            offset += length
        }
        return offset
    }
}

extension FlowBatch {
    /// Takes as many lines as go the quick way, from an offset on; returns the offset of the first other line.
    mutating func appendFastLines(
        of block: UnsafeRawBufferPointer, from start: Int, vectors: Bool = FastLines.hasVectors
    ) -> Int {
        var offset = start
        let before = count
        var goesOn = true
        while goesOn {
            room.grow(to: count + 1)
            let rest = UnsafeRawBufferPointer(rebasing: block[offset...])
            let old = count
            (count, offset) = room.withColumns(old) { columns in
                let taken = FastLines.read(rest, into: &columns, vectors: vectors)
                return (columns.count, offset + taken)
            }
            goesOn = count == room.size
        }
        lines.append(lineCount + 1, count: count - before)
        lineCount += count - before
        return offset
    }
}
