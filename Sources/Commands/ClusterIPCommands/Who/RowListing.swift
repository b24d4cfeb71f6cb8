import ClusterModel
import FlowReading
import FoundationEssentials
import Glibc
import Responsibility

/// A listing of a batch that is a table or objects: every row comes out as it was, with its bucket.
///
/// The first header line, or object, says what columns there are; what comes in another form is put into those.
struct RowListing {
    /// How many bytes are written at once, about.
    private static let size = 1 << 18

    private let format: OutputFormat
    private let hasOwners: Bool
    private let isOnTerminal: Bool
    /// The columns in order, without `bucket` and `owner` unless the layout has them.
    private let names: [String]
    /// The layout of the rows that are written as they are; nil for objects.
    private let layout: RowLayout?
    /// Whether rows of the layout, or objects, can be written byte by byte.
    private let copies: Bool
    private var buffer: [UInt8] = []

    /// A listing with the columns of a table.
    init(_ layout: RowLayout, format: OutputFormat, hasOwners: Bool, isOnTerminal: Bool) {
        self.format = format
        self.hasOwners = hasOwners
        self.isOnTerminal = isOnTerminal
        self.layout = layout
        names = layout.names
        copies = format == .csv && layout.separator == UInt8(ascii: ",") && !isOnTerminal
        buffer.reserveCapacity(Self.size + 65_536)
        if format.isCSV { add(CSV.line(shown(names) + added, format)) }
    }

    /// A listing with the members of an object.
    init(object: UnsafeRawBufferPointer, format: OutputFormat, hasOwners: Bool, isOnTerminal: Bool) {
        self.format = format
        self.hasOwners = hasOwners
        self.isOnTerminal = isOnTerminal
        layout = nil
        names = JSONMembers(object)?.members.map(\.name) ?? []
        copies = !format.isCSV
        buffer.reserveCapacity(Self.size + 65_536)
        if format.isCSV { add(CSV.line(shown(names) + added, format)) }
    }

    /// The columns that are added.
    private var added: [String] { (hasOwners ? ["bucket", "owner"] : ["bucket"]).filter { !names.contains($0) } }

    /// Adds a row, or an object, as it stands in a block; an owner is nil when nobody answers.
    mutating func add(
        _ row: UnsafeRawBufferPointer, _ rowLayout: RowLayout?, _ bucket: Int, _ owner: String?
    ) {
        var row = row
        while let last = row.last, last == 0x0d || last == 0x20 { row = .init(rebasing: row.dropLast()) }
        if copies, rowLayout == layout {
            if layout == nil { copy(object: row, bucket, owner) } else { copy(row: row, bucket, owner) }
        } else if let rowLayout {
            let values = Dictionary(
                zip(rowLayout.names, rowLayout.values(of: row).map(Value.text)), uniquingKeysWith: { first, _ in first }
            )
            add(values, bucket, owner)
        } else {
            let members = JSONMembers(row)?.members ?? []
            let values = members.map { ($0.name, Value.json(String(decoding: row[$0.value], as: UTF8.self))) }
            add(Dictionary(values, uniquingKeysWith: { first, _ in first }), bucket, owner)
        }
        if buffer.count >= Self.size { flush() }
    }

    /// Adds rows of a batch that are written as they are; returns how many were, from the first on.
    mutating func copy(
        _ block: UnsafeRawBufferPointer, _ places: ArraySlice<RowPlace>, _ layouts: [RowLayout],
        _ buckets: ArraySlice<UInt32>
    ) -> Int {
        guard copies, !hasOwners, let layout, layout.bucketColumn == nil, let first = places.first, first.layout >= 0,
            layouts[first.layout] == layout
        else { return 0 }
        var taken = 0
        while taken < places.count, taken < buckets.count {
            buffer.reserveCapacity(Self.size + 131_072)
            let start = taken
            let room = Self.size + 65_536
            var filled = buffer.count
            buffer.append(contentsOf: repeatElement(0, count: room - filled))
            buffer.withUnsafeMutableBytes { bytes in
                guard let base = bytes.baseAddress, let source = block.baseAddress else { return }
                while taken < places.count, filled < Self.size {
                    let place = places[places.startIndex + taken]
                    guard place.layout == first.layout, place.end - place.start < 65_000 else { break }
                    var end = place.end
                    while end > place.start, block[end - 1] == 0x0d || block[end - 1] == 0x20 { end -= 1 }
                    memcpy(base + filled, source + place.start, end - place.start)
                    filled += end - place.start
                    bytes[filled] = UInt8(ascii: ",")
                    var text = base + filled + 1
                    DecimalText.put(buckets[buckets.startIndex + taken], at: &text)
                    text.storeBytes(of: UInt8(ascii: "\n"), as: UInt8.self)
                    filled = text + 1 - base
                    taken += 1
                }
            }
            buffer.removeLast(buffer.count - filled)
            if buffer.count >= Self.size { flush() }
            if taken == start { return taken }
        }
        return taken
    }

    /// Adds a flow that is no row; its parts are put where the columns are called as they are.
    mutating func add(_ flow: Flow, hasDestination: Bool, _ bucket: Int, _ owner: String?) {
        var values: [String: Value] = [
            "protocol": .text(flow.transport.description), "source": .text("\(flow.source)"),
            "source_port": .text(String(flow.sourcePort)), "destination_port": .text(String(flow.destinationPort)),
        ]
        if hasDestination { values["destination"] = .text("\(flow.destination)") }
        add(values, bucket, owner)
        if buffer.count >= Self.size { flush() }
    }

    /// Writes what is held back to standard output.
    mutating func flush() {
        buffer.withUnsafeBytes { CommandIO.write($0) }
        buffer.removeAll(keepingCapacity: true)
    }

    private mutating func add(_ text: String) { buffer.append(contentsOf: text.utf8) }
}

// MARK: Rows byte by byte

extension RowListing {
    /// A value of a row as it was: text of a cell, or JSON.
    private enum Value {
        case text(String)
        case json(String)
    }

    private mutating func copy(row: UnsafeRawBufferPointer, _ bucket: Int, _ owner: String?) {
        guard let layout else { return }
        let owner = hasOwners ? CSV.cell(owner ?? "", format) : ""
        var rest = 0
        let replaced = [(layout.bucketColumn, String(bucket)), (hasOwners ? layout.ownerColumn : nil, owner)]
            .compactMap { column, text in column.flatMap { layout.place(of: $0, in: row) }.map { ($0, text) } }
            .sorted { $0.0.lowerBound < $1.0.lowerBound }
        for (place, text) in replaced {
            buffer.append(contentsOf: row[rest..<place.lowerBound])
            add(text)
            rest = place.upperBound
        }
        buffer.append(contentsOf: row[rest...])
        if layout.bucketColumn == nil {
            buffer.append(UInt8(ascii: ","))
            add(number: bucket)
        }
        if hasOwners, layout.ownerColumn == nil { add("," + owner) }
        buffer.append(UInt8(ascii: "\n"))
    }

    private mutating func add(number: Int) {
        guard number >= 0, number < 100_000 else { return add(String(number)) }
        var (divisor, began) = (10_000, false)
        while divisor > 0 {
            let digit = number / divisor % 10
            began = began || digit > 0 || divisor == 1
            if began { buffer.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit)) }
            divisor /= 10
        }
    }

    private mutating func copy(object: UnsafeRawBufferPointer, _ bucket: Int, _ owner: String?) {
        let start = buffer.count
        let answers = answers(bucket, owner)
        var (rest, missing) = (0, answers)
        // A name that may be one of ours, also written with escapes.
        let mayHave =
            object.contains(UInt8(ascii: "\\")) || Self.contains(object, "\"bucket\"")
            || hasOwners && Self.contains(object, "\"owner\"")
        for member in mayHave ? JSONMembers(object)?.members ?? [] : [] {
            guard let answer = answers.first(where: { $0.0 == member.name }) else { continue }
            missing.removeAll { $0.0 == member.name }
            buffer.append(contentsOf: object[rest..<member.value.lowerBound])
            add(answer.1)
            rest = member.value.upperBound
        }
        let end = object.lastIndex(of: UInt8(ascii: "}")) ?? object.count
        buffer.append(contentsOf: object[min(rest, end)..<end])
        let isEmpty = object[..<end].allSatisfy { $0 == UInt8(ascii: "{") || $0 == 0x20 }
        add((isEmpty ? "" : missing.isEmpty ? "" : ","))
        add(missing.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}\n")
        if buffer[start...].contains(where: { $0 >= 0x7f }) {
            let safe = JSONText.escaped(String(decoding: buffer[start...], as: UTF8.self))
            buffer.removeSubrange(start...)
            add(safe)
        }
    }

    private static func contains(_ bytes: UnsafeRawBufferPointer, _ text: StaticString) -> Bool {
        guard let base = bytes.baseAddress else { return false }
        let length = text.utf8CodeUnitCount
        var start = 0
        // A name begins with a quotation mark, of which there are few.
        while bytes.count - start >= length, let mark = memchr(base + start, 0x22, bytes.count - start - length + 1) {
            if memcmp(mark, text.utf8Start, length) == 0 { return true }
            start = UnsafeRawPointer(mark) - base + 1
        }
        return false
    }

    /// What is added, or takes the place of what was called so, as JSON.
    private func answers(_ bucket: Int, _ owner: String?) -> [(String, String)] {
        [("bucket", String(bucket))] + (hasOwners ? [("owner", owner.map(JSONText.quoted) ?? "null")] : [])
    }

    // MARK: Rows value by value

    private mutating func add(_ values: [String: Value], _ bucket: Int, _ owner: String?) {
        var values = values
        guard format.isCSV else {
            let kept = names.filter { $0 != "bucket" && (!hasOwners || $0 != "owner") }
            let members =
                kept.compactMap { name in values[name].map { (name, Self.json($0)) } } + answers(bucket, owner)
            return add("{" + members.map { "\(JSONText.quoted($0.0)):\($0.1)" }.joined(separator: ",") + "}\n")
        }
        values["bucket"] = .text(String(bucket))
        if hasOwners { values["owner"] = .text(owner ?? "") }
        add(CSV.line(shown((names + added).map { Self.cell(values[$0]) }), format))
    }

    /// Cells as they were read; on a terminal without what could command it.
    private func shown(_ cells: [String]) -> [String] {
        isOnTerminal ? cells.map { $0.madeSafe(limit: .max) } : cells
    }

    private static func cell(_ value: Value?) -> String {
        switch value {
        case nil, .json("null"): ""
        case .text(let text): text
        case .json(let text):
            text.utf8.first == UInt8(ascii: "\"")
                ? (try? JSONDecoder().decode(String.self, from: Data(text.utf8))) ?? String(text.dropFirst().dropLast())
                : text
        }
    }

    /// A value as JSON: a number stays a number.
    private static func json(_ value: Value) -> String {
        switch value {
        case .json(let text): return text
        case .text(let text):
            guard let number = UInt64(text), String(number) == text else { return JSONText.quoted(text) }
            return text
        }
    }
}
