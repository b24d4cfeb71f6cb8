import PlainYAML
import Yams

/// A part of a theme file with the line it starts on.
indirect enum ThemeNode {
    case text(String, line: Int)
    case list([ThemeNode], line: Int)
    case map([(key: String, line: Int, value: ThemeNode)], line: Int)

    /// The line, from 1.
    var line: Int {
        switch self {
        case .text(_, let line), .list(_, let line), .map(_, let line): line
        }
    }

    /// Reads YAML; an empty file is an empty mapping.
    ///
    /// Throws `ThemeError.syntax`.
    static func read(_ text: String, file: String) throws -> ThemeNode {
        do {
            guard let node = try PlainYAML.compose(text) else { return .map([], line: 1) }
            return ThemeNode(node, depth: 0)
        } catch let alias as PlainYAML.Alias {
            throw ThemeError.syntax(file: file, line: alias.line, problem: alias.problem)
        } catch let error as YamlError {
            throw ThemeError.syntax(file: file, line: line(of: error), problem: problem(of: error))
        }
    }

    /// Deeper than any theme is, the rest counts as empty text.
    private init(_ node: Node, depth: Int) {
        let line = node.mark?.line ?? 1
        guard depth < 8 else {
            self = .text("", line: line)
            return
        }
        switch node {
        case .scalar(let scalar): self = .text(scalar.string, line: line)
        case .sequence(let sequence): self = .list(sequence.map { ThemeNode($0, depth: depth + 1) }, line: line)
        case .mapping(let mapping):
            self = .map(
                mapping.map { key, value in
                    (key.string ?? "", key.mark?.line ?? line, ThemeNode(value, depth: depth + 1))
                }, line: line)
        case .alias: self = .text("", line: line)
        }
    }

    private static func line(of error: YamlError) -> Int {
        switch error {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        case .duplicatedKeysInMapping(_, let context): context.mark.line
        default: 1
        }
    }

    private static func problem(of error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _): problem
        case .duplicatedKeysInMapping: "a key appears twice"
        default: "this is not YAML"
        }
    }
}
