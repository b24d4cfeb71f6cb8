/// The columns of CSV, from its header line.
struct CSVHeader: Sendable {
    /// The field of each column; nil for one that does not matter.
    let columns: [FlowField?]

    /// The header that a line is; nil for a line that is none.
    init?(_ line: Bytes) throws(FlowLineError) {
        var cells = Cells(line)
        var columns: [FlowField?] = []
        while let cell = cells.next() {
            let field = FlowField(cell)
            if let field, columns.contains(field) { throw FlowLineError(.repeated(field: field.rawValue), line) }
            columns.append(field)
        }
        guard columns.contains(.source) else { return nil }
        for field in FlowField.required where !columns.contains(field) {
            throw FlowLineError(.missing(field: "column \(field.rawValue)"), line)
        }
        self.columns = columns
    }

    /// The record of a line under this header.
    func record(_ line: Bytes, needing ports: HashedPorts) throws(FlowLineError) -> FlowRecord {
        var fields = FlowFields()
        var cells = Cells(line)
        var count = 0
        while let cell = cells.next() {
            if count < columns.count, let field = columns[count] { try fields.set(field, cell) }
            count += 1
        }
        guard count == columns.count else { throw FlowLineError(.cells(expected: columns.count, found: count), line) }
        return try fields.record(.csv, line, needing: ports)
    }
}

/// The cells of a line of CSV, without the spaces and the quotation marks around them.
struct Cells {
    private var rest: Bytes?

    init(_ line: Bytes) { rest = line }

    mutating func next() -> Bytes? {
        guard let line = rest else { return nil }
        let quoted = line.first == UInt8(ascii: "\"")
        let close = quoted ? line.position(of: UInt8(ascii: "\""), from: 1) ?? 0 : 0
        let end = line.position(of: UInt8(ascii: ","), from: close) ?? line.count
        rest = end < line.count ? line.after(end + 1) : nil
        let cell = line.part(0, end).trimmed
        guard cell.count >= 2, cell.first == UInt8(ascii: "\""), cell.last == UInt8(ascii: "\"") else { return cell }
        return cell.part(1, cell.count - 1).trimmed
    }
}

/// A flow in the form `tcp 10.0.0.1:1234 -> 10.0.0.2:80`.
enum PlainLine {
    /// The record of a line; nil when the line is not of this form.
    static func record(_ line: Bytes, needing ports: HashedPorts) throws(FlowLineError) -> FlowRecord? {
        var words = Words(line)
        guard let name = words.next(), let source = words.next(), let arrow = words.next(), arrow.equals("->") else {
            return nil
        }
        guard let destination = words.next() else { throw FlowLineError(.missing(field: "the destination"), line) }
        if let extra = words.next() { throw FlowLineError(.unrecognised, extra) }
        guard let transport = name.transport else { throw FlowLineError(.transport, name) }
        let from = try Endpoint(colonForm: source)
        let to = try Endpoint(colonForm: destination)
        if from.isAnyPort || to.isAnyPort { throw FlowLineError(.port, from.isAnyPort ? source : destination) }
        let flow = try Flow(
            transport: transport, from: (from.address, from.port), to: (to.address, to.port), line: line,
            needing: ports)
        return FlowRecord(flow: flow, format: .plain)
    }
}
