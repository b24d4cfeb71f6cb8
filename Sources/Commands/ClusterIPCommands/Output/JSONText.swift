import ClusterModel
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
        return escaped(String(decoding: try encoder.encode(value), as: UTF8.self)) + "\n"
    }

    /// A text as a JSON string, in quotes.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case _ where scalar.value < 0x20: quoted += escape(UInt16(scalar.value))
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return escaped(quoted + "\"")
    }

    /// JSON in which what could command a terminal or reorder a line is written as escapes; it means the same.
    static func escaped(_ json: String) -> String {
        guard json.utf8.contains(where: { $0 >= 0x7f }) else { return json }
        var safe = ""
        for scalar in json.unicodeScalars {
            if scalar.value >= 0x7f, scalar.isUnsafe {
                safe += Character(scalar).utf16.map(escape).joined()
            } else {
                safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }

    private static func escape(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
