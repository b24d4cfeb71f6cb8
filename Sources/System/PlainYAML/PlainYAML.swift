import CYaml
import Yams

/// YAML as people write settings: one document without aliases.
///
/// An alias stands for a whole part of the document, and aliases of aliases make a kilobyte into more than any memory
/// holds (Yams compares and hashes it all). No settings of ours need them.
public enum PlainYAML {
    /// Reads the one document of a text; nil when it is empty.
    ///
    /// - Throws: `Alias`, or `YamlError` with the place of what is wrong.
    public static func compose(_ text: String) throws -> Node? {
        if let alias = firstAlias(text) { throw alias }
        return try Yams.compose(yaml: text)
    }

    /// An alias, which is refused.
    public struct Alias: Error, Hashable, CustomStringConvertible {
        /// The line, from 1.
        public var line: Int
        /// The column, from 1.
        public var column: Int

        /// One sentence with its place.
        public var description: String { "line \(line), column \(column): \(problem)" }

        /// What is wrong, without its place.
        public var problem: String { "aliases, such as *name, are not taken here" }
    }

    /// Where the first alias of a text is, as far as it is YAML: the scanner's tokens are looked at, nothing is composed.
    private static func firstAlias(_ text: String) -> Alias? {
        guard text.utf8.contains(UInt8(ascii: "*")) else { return nil }
        var parser = yaml_parser_t()
        yaml_parser_initialize(&parser)
        defer { yaml_parser_delete(&parser) }
        yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
        return Array(text.utf8).withUnsafeBufferPointer { bytes in
            yaml_parser_set_input_string(&parser, bytes.baseAddress, bytes.count)
            var token = yaml_token_t()
            while yaml_parser_scan(&parser, &token) == 1 {
                defer { yaml_token_delete(&token) }
                let mark = token.start_mark
                if token.type == YAML_ALIAS_TOKEN {
                    return Alias(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
                }
                if token.type == YAML_STREAM_END_TOKEN { break }
            }
            return nil
        }
    }
}
