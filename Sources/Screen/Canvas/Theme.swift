/// The look of every scope: colours by dotted name, with exceptions for poorer terminals.
public struct Theme: Equatable, Sendable {
    /// The theme's name.
    public var name: String
    /// Styles by dotted scope name or prefix of one.
    public var styles: [String: ThemeStyle]
    /// Styles of the numbered scopes `owner` and `heat`; a short list starts over.
    public var lists: [String: [ThemeStyle]]

    /// Makes a theme; the names are not checked, unknown ones are never asked for.
    public init(name: String, styles: [String: ThemeStyle], lists: [String: [ThemeStyle]] = [:]) {
        self.name = name
        self.styles = styles
        self.lists = lists
    }

    /// The style of a scope: under its own name, else under the longest prefix (`a.b.c`, `a.b`, `a`) that has one.
    public func style(of scope: Scope, index: Int = 0) -> ThemeStyle {
        if let list = lists[scope.name], !list.isEmpty { return list[index % list.count] }
        var name = Substring(scope.name)
        while true {
            if let style = styles[String(name)] { return style }
            guard let dot = name.lastIndex(of: ".") else { return ThemeStyle() }
            name = name[..<dot]
        }
    }

    /// All styles at a depth, for resolving many cells.
    public func table(_ depth: ColorDepth) -> ThemeTable { ThemeTable(self, depth) }

    /// One style at a depth.
    public func resolve(_ style: Style, _ depth: ColorDepth) -> ResolvedStyle { table(depth).resolve(style) }
}
