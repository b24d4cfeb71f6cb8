/// Comma-separated values as RFC 4180 writes them.
enum CSV {
    /// One record as a line, with quotes where needed.
    static func line(_ fields: [String], _ format: OutputFormat = .csv) -> String {
        fields.map { cell($0, format) }.joined(separator: ",") + "\n"
    }

    /// A field as a cell of a format.
    static func cell(_ field: String, _ format: OutputFormat) -> String {
        quoted(format == .spreadsheet && isFormula(field) ? "'" + field : field)
    }

    /// Whether a spreadsheet takes a cell for something to work out, and not for text or a number.
    private static func isFormula(_ field: String) -> Bool {
        guard let first = field.unicodeScalars.first, "=+-@\t\r＝＋－＠".unicodeScalars.contains(first) else {
            return false
        }
        return Double(field) == nil
    }

    /// A field, in quotes when it has a comma, a quote or a line break.
    static func quoted(_ field: String) -> String {
        field.utf8.contains { [44, 34, 10, 13].contains($0) }
            ? "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
            : field
    }

    /// The fields of one line; nil when a quote is not closed.
    static func fields(_ line: Substring) -> [String]? {
        guard line.utf8.contains(34) else {
            return line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        var fields: [String] = []
        var field = ""
        var quoted = false
        var rest = line[...]
        while let character = rest.popFirst() {
            switch (character, quoted) {
            case ("\"", true) where rest.first == "\"": field.append(rest.removeFirst())
            case ("\"", _): quoted.toggle()
            case (",", false):
                fields.append(field)
                field = ""
            default: field.append(character)
            }
        }
        return quoted ? nil : fields + [field]
    }
}
