import ArgumentParser

/// How `clusterip who` prints; what fits depends on what is asked.
enum WhoFormat: String, CaseIterable, ExpressibleByArgument {
    /// For people.
    case table
    /// For people: a bar for each bucket and node.
    case bars
    /// One JSON document.
    case json
    /// One JSON object a line.
    case ndjson
    /// Comma-separated values with a header line.
    case csv
    /// The same with no cell that a spreadsheet would take for a formula.
    case spreadsheet

    /// The same among the formats that all commands have; bars are none.
    var output: OutputFormat { OutputFormat(rawValue: rawValue) ?? .table }
}
