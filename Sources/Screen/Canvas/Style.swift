/// What a cell means and what it lies on; the theme turns it into colours.
public struct Style: Hashable, Sendable {
    /// The meaning of the character.
    public var scope: Scope
    /// Which of a numbered scope's styles (`owner`, `heat`); others ignore it.
    public var index: UInt8
    /// What the character lies on: gives the background when the scope has none.
    public var surface: Scope
    /// Which of a numbered surface's styles (`owner`, `heat`); others ignore it.
    public var ground: UInt8
    /// Attributes on top of the theme's.
    public var attributes: Attributes

    /// Makes a style; an index past the scope's last style starts over (node 13 has the colour of node 1).
    public init(
        _ scope: Scope, index: Int = 0, surface: Scope = .background, ground: Int = 0, attributes: Attributes = []
    ) {
        self.scope = scope
        self.index = Self.place(index, of: scope)
        self.surface = surface
        self.ground = Self.place(ground, of: surface)
        self.attributes = attributes
    }

    private static func place(_ index: Int, of scope: Scope) -> UInt8 {
        let count = scope.count
        return UInt8(((index % count) + count) % count)
    }
}

/// How a cell stands out besides its colours.
public struct Attributes: OptionSet, Hashable, Sendable {
    /// One bit for each attribute.
    public let rawValue: UInt8

    /// Makes a set from its bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Heavier, on some terminals brighter.
    public static let bold = Attributes(rawValue: 1)
    /// Fainter.
    public static let dim = Attributes(rawValue: 2)
    /// Foreground and background exchanged.
    public static let reverse = Attributes(rawValue: 4)
    /// Underlined.
    public static let underline = Attributes(rawValue: 8)

    /// Every attribute with its name in theme files.
    public static let names: [(attribute: Attributes, name: String)] = [
        (.bold, "bold"), (.dim, "dim"), (.reverse, "reverse"), (.underline, "underline"),
    ]
}

/// A style as a terminal of some depth shows it.
public struct ResolvedStyle: Hashable, Sendable {
    /// The palette index (0…255) of the character; nil is the terminal's own foreground.
    public var foreground: UInt8?
    /// The palette index of the ground; nil is the terminal's own background.
    public var background: UInt8?
    /// Attributes.
    public var attributes: Attributes

    /// Makes a resolved style.
    public init(foreground: UInt8? = nil, background: UInt8? = nil, attributes: Attributes = []) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }
}

/// How many colours a terminal shows.
public enum ColorDepth: String, CaseIterable, Sendable {
    /// None: attributes only.
    case mono
    /// The eight ANSI colours; bright ones by the bold attribute.
    case c8 = "8"
    /// The sixteen ANSI colours.
    case c16 = "16"
    /// The sixteen, a 6x6x6 cube and 24 greys.
    case c256 = "256"
}
