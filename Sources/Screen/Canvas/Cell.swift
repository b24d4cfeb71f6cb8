/// One character cell of a canvas.
public struct Cell: Hashable, Sendable {
    /// The character's Unicode scalar; 0 marks the right half of a wide character.
    public var scalar: UInt32
    /// A combining mark on it, or 0.
    public var mark: UInt32
    /// Its meaning.
    public var style: Style

    /// Makes a cell.
    public init(scalar: UInt32 = 0x20, mark: UInt32 = 0, style: Style = Style(.background)) {
        self.scalar = scalar
        self.mark = mark
        self.style = style
    }

    /// Whether it is the right half of a wide character.
    public var isContinuation: Bool { scalar == 0 }
}
