internal import CFlowLines
import Responsibility

/// The quick ways through rows of tables and entries of connection tracking that have exactly the usual form.
///
/// Both give the flows that the other parsers give, and leave everything else, mistakes included, to them.
enum FastRows {
    /// The fewest bytes of a block for which the quick way is begun.
    static let least = 64

    /// What each column is to a flow, for the quick way; nil when a layout has other columns that matter, or lacks one.
    static func roles(_ fields: [FlowField?]) -> [UInt8]? {
        var roles: [UInt8] = []
        for field in fields {
            let role: clusterip_role
            switch field {
            case nil: role = CLUSTERIP_NO_ROLE
            case .transport: role = CLUSTERIP_TRANSPORT
            case .source: role = CLUSTERIP_SOURCE_ADDRESS
            case .sourcePort: role = CLUSTERIP_SOURCE_PORT_NUMBER
            case .destination: role = CLUSTERIP_DESTINATION_ADDRESS
            case .destinationPort: role = CLUSTERIP_DESTINATION_PORT_NUMBER
            default: return nil
            }
            roles.append(UInt8(truncatingIfNeeded: role.rawValue))
        }
        return roles.filter { $0 > 0 }.sorted() == [1, 2, 3, 4, 5] ? roles : nil
    }
}

extension FlowBatch {
    /// Takes as many rows of a layout as go the quick way, from an offset on; returns the offset of the first other line.
    mutating func appendFastRows(of block: UnsafeRawBufferPointer, from start: Int, in parser: FlowParser) -> Int {
        guard let layout = parser.layout, let roles = layout.roles, block.count - start >= FastRows.least else {
            return start
        }
        let number = keepsRows ? self.number(ofLayoutIn: parser) : -1
        var offset = start
        var goesOn = true
        while goesOn {
            room.grow(to: count + 1)
            let before = count
            offset = withUnsafeTemporaryAllocation(of: UInt32.self, capacity: room.size - count) { ends in
                let rest = UnsafeRawBufferPointer(rebasing: block[offset...])
                let taken = roles.withUnsafeBufferPointer { roles in
                    var rows = clusterip_rows(
                        roles: roles.baseAddress, columns: roles.count, separator: layout.separator,
                        longest: FlowParser.maximumLineLength)
                    return room.withColumns(count) { columns in
                        let taken = clusterip_read_rows(
                            rest.baseAddress?.assumingMemoryBound(to: UInt8.self), rest.count, &rows, &columns,
                            ends.baseAddress)
                        count = columns.count
                        return taken
                    }
                }
                if keepsRows { appendRows(ends[..<(count - before)], before, offset, number) }
                return offset + taken
            }
            lines.append(lineCount + 1, count: count - before)
            lineCount += count - before
            goesOn = count == room.size
        }
        return offset
    }

    private mutating func appendRows(
        _ ends: Slice<UnsafeMutableBufferPointer<UInt32>>, _ first: Int, _ offset: Int, _ layout: Int
    ) {
        while rows.count < first { rows.append(.none) }
        rows.reserveCapacity(first + ends.count)
        var start = offset
        for end in ends {
            rows.append(RowPlace(start: start, end: offset + Int(end) - 1, layout: layout))
            start = offset + Int(end)
        }
    }

    /// Takes as many entries of connection tracking as go the quick way, without their marks.
    mutating func appendFastEntries(of block: UnsafeRawBufferPointer, from start: Int) -> Int {
        appendFast(of: block, from: start) {
            clusterip_read_entries($0.baseAddress?.assumingMemoryBound(to: UInt8.self), $0.count, &$1)
        }
    }
}
