/// Comma-separated values as RFC 4180 writes them.
enum CSV {
    /// One record as a line, with quotes where needed.
    static func line(_ fields: [String]) -> String { fields.map(quoted).joined(separator: ",") + "\n" }

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
