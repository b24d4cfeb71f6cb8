import Canvas
import PlainYAML
import Yams

/// A theme file as it stands, before its parent is merged in and its colour names are looked up.
struct ThemeDocument {
    /// A part of the file, with its place for warnings.
    struct Entry {
        var file: String
        var line: Int
        var value: ThemeNode
    }

    var name: String
    var inherits: String?
    var palette: [String: Entry] = [:]
    var styles: [String: Entry] = [:]
    var warnings: [ThemeWarning] = []

    private static let scopes = Set(
        Scope.allCases.flatMap { scope in
            let parts = scope.name.split(separator: ".")
            return (1...parts.count).map { parts.prefix($0).joined(separator: ".") }
        })

    /// Reads a file's text; `name` is what the theme is called when the file does not say.
    init(_ text: String, name: String, file: String) throws {
        self.name = name
        guard case .map(let keys, _) = try ThemeNode.read(text, file: file) else {
            throw ThemeError.notATheme(file: file)
        }
        for (key, line, value) in keys {
            switch (key, value) {
            case ("schema", .text("1", _)), ("mode", .text("dark", _)), ("mode", .text("light", _)): break
            case ("name", .text(let text, _)): self.name = safeText(text)
            case ("inherits", .text(let text, _)): inherits = text
            case ("palette", .map(let colors, _)):
                for (key, line, value) in colors { palette[key] = Entry(file: file, line: line, value: value) }
            case ("styles", .map(let styles, _)):
                for (key, line, value) in styles { add(key, Entry(file: file, line: line, value: value)) }
            case ("schema", _): warn(file, line, "schema must be 1")
            case ("mode", _): warn(file, line, "mode must be dark or light")
            case ("name", _), ("inherits", _): warn(file, line, "\(key) must be a theme's name")
            case ("palette", _), ("styles", _): warn(file, line, "\(key) must be a mapping")
            default:
                warn(
                    file, line,
                    "unknown key \(safeText(key)); known are schema, name, mode, inherits, palette and styles")
            }
        }
    }

    /// Takes from the parent what this theme does not state; the colours' names are looked up in the merged palette.
    mutating func inherit(_ parent: ThemeDocument) {
        palette.merge(parent.palette) { own, _ in own }
        styles.merge(parent.styles) { own, _ in own }
        warnings = parent.warnings + warnings
    }

    private mutating func add(_ scope: String, _ entry: Entry) {
        guard ThemeDocument.scopes.contains(scope) else {
            return warn(entry.file, entry.line, "unknown scope \(safeText(scope))")
        }
        styles[scope] = entry
    }

    private mutating func warn(_ file: String, _ line: Int, _ message: String) {
        warnings.append(ThemeWarning(file: file, line: line, message: message))
    }
}

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
