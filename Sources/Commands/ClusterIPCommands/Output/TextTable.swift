import Canvas

/// Rows of text in aligned columns, for people.
struct TextTable {
    /// How a column is aligned.
    enum Alignment {
        case left
        case right
    }

    private let header: [String]
    private let alignments: [Alignment]
    private var rows: [[String]] = []

    /// A table with these columns.
    init(_ columns: [(title: String, alignment: Alignment)]) {
        header = columns.map(\.title)
        alignments = columns.map(\.alignment)
    }

    /// Adds a row with a text for each column.
    mutating func add(_ row: [String]) { rows.append(row) }

    /// The table, a line a row, two blanks between columns.
    var text: String {
        let widths = header.indices.map { column in ([header] + rows).map { displayWidth(of: $0[column]) }.max() ?? 0 }
        return ([header] + rows).map { row in
            var line = row.indices.map { column in
                let blanks = String(repeating: " ", count: widths[column] - displayWidth(of: row[column]))
                return alignments[column] == .left ? row[column] + blanks : blanks + row[column]
            }.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}
