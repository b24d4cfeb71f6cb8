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

/// A colour as a theme states it.
public enum ThemeColor: Hashable, Sendable {
    /// The terminal's own foreground or background.
    case terminal
    /// An entry of the terminal's palette: 0…15 the ANSI colours, 16…255 xterm's cube and greys.
    case index(UInt8)
    /// Red, green and blue as 0xRRGGBB.
    case rgb(UInt32)

    /// The names of palette entries 0…15 in theme files.
    public static let names = [
        "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white", "bright-black", "bright-red",
        "bright-green", "bright-yellow", "bright-blue", "bright-magenta", "bright-cyan", "bright-white",
    ]

    /// Reads `default`, `#rgb`, `#rrggbb`, an ANSI name such as `bright-red`, or a palette index 0…255; else nil.
    public init?(_ text: String) {
        if text == "default" {
            self = .terminal
        } else if text.first == "#" {
            guard let value = ThemeColor.hex(text.utf8.dropFirst()) else { return nil }
            self = .rgb(value)
        } else if let index = ThemeColor.names.firstIndex(of: text) {
            self = .index(UInt8(index))
        } else if let first = text.utf8.first, (48...57).contains(first), let index = UInt8(text) {
            self = .index(index)
        } else {
            return nil
        }
    }

    private static func hex(_ digits: Substring.UTF8View) -> UInt32? {
        guard digits.count == 3 || digits.count == 6 else { return nil }
        var value: UInt32 = 0
        for byte in digits {
            let digit: UInt8
            switch byte {
            case 48...57: digit = byte - 48
            case 65...70: digit = byte - 55
            case 97...102: digit = byte - 87
            default: return nil
            }
            value = value << 4 | UInt32(digit)
            if digits.count == 3 { value = value << 4 | UInt32(digit) }
        }
        return value
    }
}

/// What a theme says of one scope.
public struct ThemeStyle: Hashable, Sendable {
    /// How the scope looks at one colour depth, in place of the nearest colours.
    public struct Override: Hashable, Sendable {
        /// The character's colour; nil takes the surface's.
        public var foreground: ThemeColor?
        /// The ground; nil takes the surface's.
        public var background: ThemeColor?
        /// Attributes in place of the style's; nil keeps those.
        public var attributes: Attributes?

        /// Makes an override.
        public init(_ foreground: ThemeColor? = nil, _ background: ThemeColor? = nil, _ attributes: Attributes? = nil) {
            self.foreground = foreground
            self.background = background
            self.attributes = attributes
        }
    }

    /// The character's colour; nil takes the surface's.
    public var foreground: ThemeColor?
    /// The ground; nil takes the surface's.
    public var background: ThemeColor?
    /// Attributes at every depth.
    public var attributes: Attributes
    /// Exceptions for some depths; 8 colours use those of 16 when they have none of their own.
    public var overrides: [ColorDepth: Override]

    /// Makes a style.
    public init(
        _ foreground: ThemeColor? = nil, on background: ThemeColor? = nil, _ attributes: Attributes = [],
        overrides: [ColorDepth: Override] = [:]
    ) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
        self.overrides = overrides
    }

    /// The style at a depth: explicit exception, else the nearest colours, else attributes only.
    func resolved(_ depth: ColorDepth) -> ResolvedLayer {
        let override = overrides[depth] ?? (depth == .c8 ? overrides[.c16] : nil)
        var layer = ResolvedLayer(attributes: override?.attributes ?? attributes)
        guard depth != .mono else { return layer }
        let foreground = override == nil ? self.foreground : override?.foreground
        let background = override == nil ? self.background : override?.background
        layer.foreground = foreground.map { layer.fit($0, depth, isForeground: true) }
        layer.background = background.map { layer.fit($0, depth, isForeground: false) }
        return layer
    }
}

/// A theme's style at one depth, before it is laid on its surface.
struct ResolvedLayer: Hashable, Sendable {
    /// A palette index, or the terminal's own colour.
    enum Color: Hashable, Sendable {
        case terminal
        case index(UInt8)

        var index: UInt8? { if case .index(let index) = self { index } else { nil } }
    }

    var foreground: Color?
    var background: Color?
    var attributes: Attributes

    init(attributes: Attributes) { self.attributes = attributes }

    /// The nearest colour that the depth has; among eight, a bright foreground becomes a bold one, grey a dim one.
    mutating func fit(_ color: ThemeColor, _ depth: ColorDepth, isForeground: Bool) -> Color {
        var index: UInt8
        switch color {
        case .terminal: return .terminal
        case .index(let value): index = value
        case .rgb(let rgb):
            index = depth == .c256 ? ColorQuantizer.nearest256(rgb) : ColorQuantizer.nearest16(rgb)
        }
        if index > 15 && depth != .c256 { index = ColorQuantizer.nearest16(ColorQuantizer.rgb(of: index)) }
        guard depth == .c8, index > 7 else { return .index(index) }
        guard isForeground else { return .index(index - 8) }
        attributes.insert(index == 8 ? .dim : .bold)
        return index == 8 ? .terminal : .index(index - 8)
    }
}

/// A theme at one colour depth, ready to resolve cells.
public struct ThemeTable: Sendable {
    /// The depth.
    public let depth: ColorDepth
    private var layers: [ResolvedLayer] = []
    private var first: [Int] = []

    init(_ theme: Theme, _ depth: ColorDepth) {
        self.depth = depth
        for scope in Scope.allCases {
            first.append(layers.count)
            for index in 0..<scope.count { layers.append(theme.style(of: scope, index: index).resolved(depth)) }
        }
    }

    /// The colours and attributes of a cell.
    ///
    /// Colours come from the scope, else from the surface, else from `ui.text` and `ui.background`, else they are the
    /// terminal's own. A selection that states a foreground imposes it on all that has no ground of its own.
    ///
    /// A blank of the scope `background` is seen through: its surface shows.
    ///
    /// On an owner's colour or a heat, text is black or white, whichever is read better there.
    ///
    /// Attributes add up, except that two reversals cancel out: a badge stays visible on a selected row that is shown
    /// reversed.
    public func resolve(_ style: Style) -> ResolvedStyle {
        let surface = ground(style)
        let scope = style.scope == .background ? ResolvedLayer(attributes: []) : layer(style.scope, Int(style.index))
        var attributes = scope.attributes.union(style.attributes)
        if style.surface != style.scope {
            let reverse = attributes.intersection(.reverse).symmetricDifference(surface.attributes)
            attributes = attributes.union(surface.attributes).subtracting(.reverse)
            attributes.formUnion(reverse.intersection(.reverse))
        }
        let isSelected = style.surface == .selection || style.surface == .selectionInactive
        let isInk = style.surface.count > 1 && style.scope.count == 1
        let imposed = isInk || isSelected && scope.background == nil ? surface.foreground : nil
        let foreground = imposed ?? scope.foreground ?? surface.foreground ?? layer(.text, 0).foreground
        let background = scope.background ?? surface.background ?? layer(.background, 0).background
        return ResolvedStyle(foreground: foreground?.index, background: background?.index, attributes: attributes)
    }

    /// What a style lies on; a numbered colour becomes the ground, with the ink that is read best on it.
    private func ground(_ style: Style) -> ResolvedLayer {
        var layer = layer(style.surface, Int(style.ground))
        guard style.surface.count > 1 else { return layer }
        guard let color = layer.foreground?.index else { return ResolvedLayer(attributes: []) }
        layer.attributes = []
        layer.background = .index(depth == .c8 && color > 7 ? color - 8 : color)
        let (black, white): (UInt8, UInt8) = depth == .c256 ? (16, 231) : (0, depth == .c8 ? 7 : 15)
        layer.foreground = .index(ColorQuantizer.isLight(color) ? black : white)
        return layer
    }

    private func layer(_ scope: Scope, _ index: Int) -> ResolvedLayer {
        let index = index < scope.count ? index : 0
        return layers[first[Int(scope.rawValue)] + index]
    }
}
