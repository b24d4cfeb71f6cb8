/// Why a theme cannot be used at all; its description is a sentence for the user.
public enum ThemeError: Error, Equatable, CustomStringConvertible {
    /// No directory has it.
    case notFound(name: String, known: [String])
    /// It cannot be read, with the system's reason.
    case unreadable(path: String, reason: String)
    /// It is no YAML.
    case syntax(file: String, line: Int, problem: String)
    /// It is YAML, but no mapping.
    case notATheme(file: String)
    /// Themes inherit each other in a circle.
    case circle([String])

    /// One sentence that names the value and what would be right.
    public var description: String {
        switch self {
        case .notFound(let name, let known):
            "there is no theme \(name); there are \(known.joined(separator: ", ")), and --theme takes a path too"
        case .unreadable(let path, let reason): "the theme file \(path) cannot be read: \(reason)"
        case .syntax(let file, let line, let problem): "\(file):\(line): the theme is not valid YAML: \(problem)"
        case .notATheme(let file): "\(file): a theme is a mapping with the keys palette and styles"
        case .circle(let names): "the themes inherit each other in a circle: \(names.joined(separator: " → "))"
        }
    }
}
