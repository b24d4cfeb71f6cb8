import Responsibility

/// The columns of a table of text, from its header line: what each means, and what it is called.
///
/// Values are separated by commas, semicolons, tabs or runs of blanks; a value in quotation marks may have all of them.
/// Source: RFC 4180; Zeek's `#fields`.
public struct RowLayout: Hashable, Sendable {
    /// What separates values; a blank stands for any run of them.
    public let separator: UInt8
    /// The columns' names as they are written, without quotation marks.
    public let names: [String]
    /// The column that is called `bucket`, whose values are replaced; nil when there is none.
    public let bucketColumn: Int?
    /// The column that is called `owner`.
    public let ownerColumn: Int?
    /// What each column is to the quick way; nil when it is not to be gone.
    let roles: [UInt8]?
    /// Whether no column says anything beside the flow.
    let isPlain: Bool
    private let columns: [Column?]

    /// What a column means.
    private struct Column: Hashable {
        var field: FlowField
        var rank: Int
        var transport: TransportProtocol?
    }

    /// The layout that a header line names; nil when the line is none: it must name a source and another column.
    ///
    /// Throws what a header lacks that names a source.
    init?(_ line: Bytes, _ known: ColumnNames) throws(FlowLineError) {
        var line = line
        if line.starts(with: [0xef, 0xbb, 0xbf]) { line = line.after(3) }
        if line.begins(with: "#fields\t") { line = line.after(8) }
        guard let separator = Self.separator(of: line) else { return nil }
        var cells = Cells(line, separator)
        var (names, columns): ([String], [Column?]) = ([], [])
        while let cell = cells.next() {
            let name = cell.text
            names.append(name)
            columns.append(
                known.meaning(of: name).map { Column(field: $0.field, rank: $0.rank, transport: $0.transport) })
        }
        let fields = columns.compactMap { $0?.field }
        guard names.count > 1, fields.contains(.source), separator != 0x20 || fields.contains(.destination) else {
            return nil
        }
        let canonical = names.filter { FlowField(rawValue: $0) != nil }
        for name in canonical where canonical.count(where: { $0 == name }) > 1 {
            throw FlowLineError(.repeated(field: name), line)
        }
        guard fields.contains(.transport) || columns.contains(where: { $0?.transport != nil }) else {
            throw FlowLineError(.missing(field: "column protocol"), line)
        }
        (self.separator, self.names, self.columns) = (separator, names, columns)
        roles = FastRows.roles(columns.map { $0?.field })
        isPlain = !columns.contains { $0.map { [.packets, .bytes, .mark, .bucket].contains($0.field) } ?? false }
        bucketColumn = names.firstIndex(of: "bucket")
        ownerColumn = names.firstIndex(of: "owner")
    }

    /// The columns of the lines that Amazon writes into a log, where no header stands before them.
    static let flowLog: RowLayout? = {
        var header =
            "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action"
            + " log-status"
        return header.withUTF8 { try? RowLayout(Bytes($0), ColumnNames()) }
    }()

    private static func separator(of line: Bytes) -> UInt8? {
        for byte in [UInt8(ascii: "\t"), UInt8(ascii: ","), UInt8(ascii: ";")] where line.position(of: byte) != nil {
            return byte
        }
        return line.position(of: 0x20) != nil ? 0x20 : nil
    }

    /// Whether a line ends within quotation marks, so that the row goes on.
    func isOpen(_ line: Bytes) -> Bool {
        guard separator != 0x20, line.position(of: UInt8(ascii: "\"")) != nil else { return false }
        var cells = Cells(line, separator)
        while cells.next() != nil {}
        return cells.isOpen
    }

    /// Whether a line has as many values as there are columns.
    func fits(_ line: Bytes) -> Bool {
        var (cells, count) = (Cells(line, separator), 0)
        while cells.next() != nil { count += 1 }
        return count == names.count
    }

    /// What a line under this header is.
    func read(_ line: Bytes, needs: FlowNeeds) throws(FlowLineError) -> FlowLine {
        var fields = FlowFields()
        var cells = Cells(line, separator)
        var count = 0
        while let cell = cells.next() {
            if count < columns.count, let column = columns[count] {
                fields.offer(cell, column.field, rank: column.rank, implying: column.transport)
            }
            count += 1
        }
        guard count == columns.count else { throw FlowLineError(.cells(expected: columns.count, found: count), line) }
        return try fields.content(.csv, line, needs: needs)
    }

    /// The values of a line, as text without quotation marks around them.
    public func values(of line: UnsafeRawBufferPointer) -> [String] {
        var (cells, values) = (Cells(line, separator), [String]())
        while let cell = cells.next() { values.append(cells.wasQuoted ? cell.unquoted : cell.text) }
        return values
    }

    /// Where the value of a column stands in a line, quotation marks included; nil when it is not there.
    public func place(of column: Int, in line: UnsafeRawBufferPointer) -> Range<Int>? {
        var (cells, index) = (Cells(line, separator), 0)
        while cells.next() != nil {
            if index == column { return cells.place }
            index += 1
        }
        return nil
    }
}

/// The cells of a line, without the blanks and the quotation marks around them.
struct Cells {
    private let line: Bytes
    private let separator: UInt8
    private var offset = 0
    private var isAtEnd = false
    /// Where the last cell stands in the line, with what is around it.
    private(set) var place = 0..<0
    /// Whether the last cell was in quotation marks.
    private(set) var wasQuoted = false
    /// Whether the last cell has no closing quotation mark.
    private(set) var isOpen = false

    init(_ line: Bytes, _ separator: UInt8 = UInt8(ascii: ",")) {
        self.line = line
        self.separator = separator
    }

    /// The next cell; nil behind the last.
    @inline(__always)
    mutating func next() -> Bytes? {
        guard !isAtEnd else { return nil }
        if separator == 0x20 { return nextWord() }
        var end = offset
        while end < line.count, line[end].isBlank { end += 1 }
        wasQuoted = end < line.count && line[end] == UInt8(ascii: "\"")
        if wasQuoted {
            let close = endOfQuotes(from: end + 1)
            isOpen = close == nil
            end = close ?? line.count
        }
        while end < line.count, line[end] != separator { end += 1 }
        place = offset..<end
        isAtEnd = end == line.count
        offset = end + 1
        let cell = line.part(place.lowerBound, end).trimmed
        guard wasQuoted, cell.count >= 2, cell.last == UInt8(ascii: "\"") else { return cell }
        return cell.part(1, cell.count - 1)
    }

    private mutating func nextWord() -> Bytes? {
        while offset < line.count, line[offset].isSpace { offset += 1 }
        guard offset < line.count else { return nil }
        var end = offset
        while end < line.count, !line[end].isSpace { end += 1 }
        place = offset..<end
        offset = end
        return line.part(place.lowerBound, end)
    }

    /// Behind the closing quotation mark, nil when there is none.
    ///
    /// Two in a row are one of the cell's own.
    private func endOfQuotes(from start: Int) -> Int? {
        var index = start
        while index < line.count {
            guard line[index] == UInt8(ascii: "\"") else {
                index += 1
                continue
            }
            guard index + 1 < line.count, line[index + 1] == UInt8(ascii: "\"") else { return index + 1 }
            index += 2
        }
        return nil
    }
}

extension UInt8 {
    /// Whether it is a blank in front of a cell; a tab may separate cells.
    fileprivate var isBlank: Bool { self == 0x20 }
}

extension UnsafeRawBufferPointer {
    /// The text of a cell in which every quotation mark stands twice.
    fileprivate var unquoted: String {
        var (bytes, isSecond) = ([UInt8](), false)
        for byte in self {
            let isQuote = byte == UInt8(ascii: "\"")
            if !(isQuote && isSecond) { bytes.append(byte) }
            isSecond = isQuote && !isSecond
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
