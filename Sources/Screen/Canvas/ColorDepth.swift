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
