import ArgumentParser

/// How a command prints what it found.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
    /// For people.
    case table
    /// One JSON document.
    case json
    /// One JSON object a line.
    case ndjson
    /// Comma-separated values with a header line.
    case csv
    /// The same with no cell that a spreadsheet would take for a formula.
    case spreadsheet

    /// What the option of a command that knows all of them says.
    static let help: ArgumentHelp = "table, json, ndjson, csv, or spreadsheet: csv without formulas."

    /// Whether it is comma-separated values.
    var isCSV: Bool { self == .csv || self == .spreadsheet }
}

/// How a command prints one thing that is no list.
enum DocumentFormat: String, CaseIterable, ExpressibleByArgument {
    /// For people.
    case table
    /// One JSON document.
    case json

    /// What the option says.
    static let help: ArgumentHelp = "table or json."
}
