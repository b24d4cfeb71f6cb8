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
}
