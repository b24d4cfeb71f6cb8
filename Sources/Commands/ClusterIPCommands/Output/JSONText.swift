import FoundationEssentials

/// JSON as commands print it: keys in order of the alphabet, so that two runs can be compared, and in
/// snake case.
enum JSONText {
    /// A value as JSON, over several lines or on one, with a newline at the end.
    static func text(_ value: some Encodable, pretty: Bool) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting =
            pretty ? [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes] : [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }
}
