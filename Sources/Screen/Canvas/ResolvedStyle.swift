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
