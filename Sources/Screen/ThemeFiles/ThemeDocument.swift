import Canvas

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
