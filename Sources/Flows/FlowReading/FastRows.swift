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
            guard let role = field == nil ? CLUSTERIP_NO_ROLE : field.flatMap(role) else { return nil }
            roles.append(UInt8(truncatingIfNeeded: role.rawValue))
        }
        let isOnce = roles.filter { $0 > 0 && $0 <= 5 }.sorted() == [1, 2, 3, 4, 5]
        let isCountedOnce = [FlowField.packets, .bytes].allSatisfy { field in fields.count { $0 == field } < 2 }
        return isOnce && isCountedOnce ? roles : nil
    }

    /// What a field is to the quick way; nil when it is not to be gone.
    static func role(of field: FlowField) -> clusterip_role? {
        switch field {
        case .transport: CLUSTERIP_TRANSPORT
        case .source: CLUSTERIP_SOURCE_ADDRESS
        case .sourcePort: CLUSTERIP_SOURCE_PORT_NUMBER
        case .destination: CLUSTERIP_DESTINATION_ADDRESS
        case .destinationPort: CLUSTERIP_DESTINATION_PORT_NUMBER
        case .packets: CLUSTERIP_PACKET_COUNT
        case .bytes: CLUSTERIP_BYTE_COUNT
        case .mark: CLUSTERIP_ANY_NUMBER
        case .bucket: CLUSTERIP_NO_ROLE
        case .hashMode, .bucketCount, .seed, .fragment: nil
        }
    }

    /// The roles of the lines that Amazon writes into a log, where no header stands before them.
    static let flowLog: [UInt8]? = {
        guard var roles = RowLayout.flowLog?.roles, roles.count == 14 else { return nil }
        for (column, role) in [
            (0, CLUSTERIP_ANY_NUMBER), (2, CLUSTERIP_LOG_INTERFACE), (12, CLUSTERIP_LOG_ACTION),
            (13, CLUSTERIP_LOG_STATUS),
        ] {
            roles[column] = UInt8(truncatingIfNeeded: role.rawValue)
        }
        return roles
    }()
}

extension FlowBatch {
    /// Takes as many rows of a layout as go the quick way, from an offset on; returns the offset of the first other line.
    mutating func appendFastRows(of block: UnsafeRawBufferPointer, from start: Int, in parser: FlowParser) -> Int {
        guard let layout = parser.layout, let roles = layout.roles, !keepsMarks || layout.isPlain else { return start }
        let number = keepsRows ? self.number(ofLayoutIn: parser) : -1
        return appendFastRows(of: block, from: start, roles, layout.separator, number: number)
    }

    /// The same of columns with these roles.
    mutating func appendFastRows(
        of block: UnsafeRawBufferPointer, from start: Int, _ roles: [UInt8], _ separator: UInt8, number: Int
    ) -> Int {
        guard block.count - start >= FastRows.least else { return start }
        return appendNoting(of: block, from: start, number: number) { rest, columns, ends in
            roles.withUnsafeBufferPointer { roles in
                var rows = clusterip_rows(
                    roles: roles.baseAddress, columns: roles.count, separator: separator,
                    longest: FlowParser.maximumLineLength)
                return clusterip_read_rows(
                    rest.baseAddress?.assumingMemoryBound(to: UInt8.self), rest.count, &rows, &columns, ends)
            }
        }
    }

    /// Takes as many objects of one program as go the quick way, from an offset on.
    mutating func appendFastObjects(of block: UnsafeRawBufferPointer, from start: Int, _ shape: ObjectShape) -> Int {
        appendNoting(of: block, from: start, number: -1) { rest, columns, ends in
            shape.withObjects {
                var objects = $0
                return clusterip_read_objects(
                    rest.baseAddress?.assumingMemoryBound(to: UInt8.self), rest.count, &objects, &columns, ends)
            }
        }
    }

    /// Takes lines of a form by its reader in C, without their marks.
    mutating func appendFastTexts(of block: UnsafeRawBufferPointer, from start: Int, _ texts: clusterip_texts) -> Int {
        appendFast(of: block, from: start) { rest, columns in
            var texts = texts
            return clusterip_read_texts(
                rest.baseAddress?.assumingMemoryBound(to: UInt8.self), rest.count, &texts, &columns)
        }
    }

    /// Takes what a reader in C takes that tells where lines end, and notes where they stand.
    private mutating func appendNoting(
        of block: UnsafeRawBufferPointer, from start: Int, number: Int,
        _ read: (UnsafeRawBufferPointer, inout clusterip_lines, UnsafeMutablePointer<UInt32>?) -> Int
    ) -> Int {
        var offset = start
        var goesOn = true
        while goesOn {
            room.grow(to: count + 1)
            let before = count
            offset = withUnsafeTemporaryAllocation(of: UInt32.self, capacity: room.size - count) { ends in
                let rest = UnsafeRawBufferPointer(rebasing: block[offset...])
                let taken = room.withColumns(count) { columns in
                    let taken = read(rest, &columns, ends.baseAddress)
                    count = columns.count
                    return taken
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
