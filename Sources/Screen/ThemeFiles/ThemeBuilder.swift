import Canvas

/// Turns a merged document into a theme; what it cannot read becomes a warning.
struct ThemeBuilder {
    private let document: ThemeDocument
    private(set) var warnings: [ThemeWarning]
    private var file = ""

    private static let depths: [String: ColorDepth] = [
        "ansi256": .c256, "ansi16": .c16, "ansi8": .c8, "mono": .mono,
    ]

    init(_ document: ThemeDocument) {
        self.document = document
        warnings = document.warnings
    }

    /// The theme; `base` has the styles that the document does not state.
    mutating func theme(base: Theme?) -> Theme {
        var theme = Theme(name: document.name, styles: base?.styles ?? [:], lists: base?.lists ?? [:])
        for (name, entry) in document.styles.sorted(by: { $0.key < $1.key }) {
            file = entry.file
            if name == Scope.owner.name || name == Scope.heat.name {
                let scope: Scope = name == Scope.owner.name ? .owner : .heat
                if let list = list(entry.value, steps: scope == .heat ? scope.count : nil) { theme.lists[name] = list }
            } else {
                theme.styles[name] = style(entry.value)
            }
        }
        return theme
    }

    private mutating func style(_ node: ThemeNode) -> ThemeStyle {
        switch node {
        case .text: return ThemeStyle(color(node))
        case .list:
            warn(node.line, "a style is a colour or a mapping with fg, bg, attrs, ansi256, ansi16, ansi8 and mono")
            return ThemeStyle()
        case .map(let keys, _):
            var style = ThemeStyle()
            for (key, line, value) in keys {
                switch key {
                case "fg": style.foreground = color(value)
                case "bg": style.background = color(value)
                case "attrs": style.attributes = override(value, depth: .mono).attributes ?? []
                default:
                    guard let depth = ThemeBuilder.depths[key] else {
                        warn(
                            line,
                            "unknown key \(safeText(key)); a style has fg, bg, attrs, ansi256, ansi16, ansi8, mono")
                        continue
                    }
                    style.overrides[depth] = override(value, depth: depth)
                }
            }
            return style
        }
    }

    /// `[foreground, background, attribute…]`: the first colour is the foreground; `mono` takes attributes only.
    private mutating func override(_ node: ThemeNode, depth: ColorDepth) -> ThemeStyle.Override {
        let items: [ThemeNode]
        if case .list(let list, _) = node { items = list } else { items = [node] }
        var result = ThemeStyle.Override()
        if items.isEmpty { result.attributes = [] }
        for item in items {
            if case .text(let text, _) = item, let known = Attributes.names.first(where: { $0.name == text }) {
                result.attributes = (result.attributes ?? []).union(known.attribute)
            } else if depth == .mono {
                warn(item.line, "not an attribute; there are bold, dim, reverse and underline")
            } else if let color = color(item) {
                if result.foreground == nil {
                    result.foreground = color
                } else if result.background == nil {
                    result.background = color
                } else {
                    warn(item.line, "a style has two colours, a foreground and a background")
                }
            }
        }
        return result
    }

    /// A list of colours, or a mapping with `colors` and lists for single depths; with `steps`, fewer colours are
    /// the marks of a gradient.
    private mutating func list(_ node: ThemeNode, steps: Int?) -> [ThemeStyle]? {
        var styles: [ThemeStyle] = []
        switch node {
        case .list(let items, _): styles = items.compactMap { color($0) }.map { ThemeStyle($0) }
        case .map(let keys, _):
            if case .list(let items, _)? = keys.first(where: { $0.key == "colors" })?.value {
                styles = items.compactMap { color($0) }.map { ThemeStyle($0) }
            }
        case .text: break
        }
        guard !styles.isEmpty else {
            warn(node.line, "a numbered scope is a list of colours, or a mapping with colors, ansi256, ansi16, mono")
            return nil
        }
        if let steps { styles = Gradient.stretch(styles.compactMap(\.foreground), to: steps).map { ThemeStyle($0) } }
        guard case .map(let keys, _) = node else { return styles }
        for (key, line, value) in keys where key != "colors" {
            guard let depth = ThemeBuilder.depths[key], case .list(let items, _) = value, !items.isEmpty else {
                warn(line, "unknown key or no list: \(safeText(key)); known are colors, ansi256, ansi16, ansi8, mono")
                continue
            }
            for index in styles.indices {
                styles[index].overrides[depth] = override(items[index % items.count], depth: depth)
            }
        }
        return styles
    }

    /// A colour, or a name of the palette; palette entries may name others.
    private mutating func color(_ node: ThemeNode) -> ThemeColor? {
        guard case .text(var text, let line) = node else {
            warn(node.line, "a colour must be here: #rrggbb, default, a palette name, an ANSI name or an index 0…255")
            return nil
        }
        for _ in 0...document.palette.count {
            guard case .text(let next, _)? = document.palette[text]?.value else { break }
            text = next
        }
        if let color = ThemeColor(text) { return color }
        warn(
            line,
            "\(safeText(text)) is no colour; write #rrggbb, default, a palette name, an ANSI name or an index 0…255")
        return nil
    }

    private mutating func warn(_ line: Int, _ message: String) {
        warnings.append(ThemeWarning(file: file, line: line, message: message))
    }
}

/// Colours between colours.
enum Gradient {
    /// As many colours as asked for: the given ones when they are enough, else evenly spaced between them.
    static func stretch(_ marks: [ThemeColor], to steps: Int) -> [ThemeColor] {
        guard marks.count < steps, marks.count > 1, steps > 1 else { return marks }
        return (0..<steps).map { step in
            let position = step * (marks.count - 1)
            let (from, rest) = (position / (steps - 1), position % (steps - 1))
            guard rest > 0 else { return marks[from] }
            return mix(marks[from], marks[from + 1], rest, of: steps - 1)
        }
    }

    private static func mix(_ a: ThemeColor, _ b: ThemeColor, _ part: Int, of whole: Int) -> ThemeColor {
        guard let a = rgb(a), let b = rgb(b) else { return a }
        var result: UInt32 = 0
        for shift: UInt32 in [16, 8, 0] {
            let (from, to) = (Int(a >> shift & 255), Int(b >> shift & 255))
            result |= UInt32(from + (to - from) * part / whole) << shift
        }
        return .rgb(result)
    }

    private static func rgb(_ color: ThemeColor) -> UInt32? {
        switch color {
        case .terminal: nil
        case .index(let index): ColorQuantizer.rgb(of: index)
        case .rgb(let rgb): rgb
        }
    }
}
