/// What a cell means and what it lies on; the theme turns it into colours.
public struct Style: Hashable, Sendable {
    /// The meaning of the character.
    public var scope: Scope
    /// Which of a numbered scope's styles (`owner`, `heat`); others ignore it.
    public var index: UInt8
    /// What the character lies on: gives the background when the scope has none.
    public var surface: Scope
    /// Attributes on top of the theme's.
    public var attributes: Attributes

    /// Makes a style; an index past the scope's last style starts over (node 13 has the colour of node 1).
    public init(_ scope: Scope, index: Int = 0, surface: Scope = .background, attributes: Attributes = []) {
        self.scope = scope
        let count = scope.count
        self.index = UInt8(((index % count) + count) % count)
        self.surface = surface
        self.attributes = attributes
    }
}
