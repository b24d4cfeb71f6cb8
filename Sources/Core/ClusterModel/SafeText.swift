extension String {
    /// The text with everything that could command a terminal or reorder a line replaced by "�", cut to a number of
    /// characters.
    ///
    /// Replaced are the control characters C0, DEL and C1, the line and paragraph separators, and the marks that change
    /// the direction of text. What comes from a node, a file or the network passes here when it enters.
    public func madeSafe(limit: Int) -> String {
        var safe = String.UnicodeScalarView()
        for scalar in unicodeScalars.prefix(limit) { safe.append(scalar.isUnsafe ? "\u{fffd}" : scalar) }
        return String(safe)
    }
}

extension Unicode.Scalar {
    /// Whether the scalar could command a terminal, break a line or reorder text.
    fileprivate var isUnsafe: Bool {
        switch value {
        case 0..<0x20, 0x7f..<0xa0, 0x2028, 0x2029, 0x200e, 0x200f, 0x061c, 0x202a...0x202e, 0x2066...0x2069: true
        default: false
        }
    }
}
