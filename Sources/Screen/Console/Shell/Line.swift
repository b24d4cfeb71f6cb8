import Canvas

/// One row of text in several styles.
struct Line {
    /// The pieces, left to right.
    var runs: [(text: String, style: Style)] = []

    init() {}

    init(_ text: String, _ scope: Scope = .text, _ attributes: Attributes = []) {
        add(text, scope, attributes)
    }

    mutating func add(_ text: String, _ scope: Scope = .text, _ attributes: Attributes = []) {
        runs.append((text, Style(scope, attributes: attributes)))
    }

    /// A label in a column of its own, and what follows it.
    static func fact(_ label: String, _ value: String, _ scope: Scope = .text) -> Line {
        var line = Line()
        line.add(Pad.left(label, 12), .textDim)
        line.add(value, scope)
        return line
    }
}
