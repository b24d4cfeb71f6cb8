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
