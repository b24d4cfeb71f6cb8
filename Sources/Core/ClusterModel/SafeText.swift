extension String {
    /// The text with everything that could command a terminal, reorder a line or hide replaced by "\u{fffd}", cut to a
    /// number of scalars.
    ///
    /// Replaced are the control characters C0, DEL and C1, the line and paragraph separators, marks that change the
    /// direction of text, and whatever is invisible; of marks that stand on a letter, two are kept. What comes from a
    /// node, a file or the network passes here when it enters.
    public func madeSafe(limit: Int) -> String {
        // Most text is; looking at its bytes is much faster than taking it apart.
        if utf8.count <= limit, utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) { return self }
        var safe = String.UnicodeScalarView()
        var marks = 0
        for scalar in unicodeScalars.prefix(limit) {
            marks = scalar.value >= 0x300 && scalar.isMark ? marks + 1 : 0
            if marks <= 2 { safe.append(scalar.isUnsafe ? "\u{fffd}" : scalar) }
        }
        return String(safe)
    }
}

extension Unicode.Scalar {
    /// Whether the scalar stands on the one before it.
    fileprivate var isMark: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .spacingMark: true
        default: false
        }
    }

    /// Whether the scalar could command a terminal, break a line, reorder text or hide.
    public var isUnsafe: Bool {
        if value < 0x300 { return value < 0x20 || (0x7f..<0xa0).contains(value) || value == 0xad }
        if properties.isDefaultIgnorableCodePoint { return true }
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: return true
        default: return false
        }
    }
}
