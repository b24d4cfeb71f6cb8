/// What the canvas does with one scalar of a text.
enum GateVerdict {
    /// Shown in one cell.
    case narrow
    /// Shown in two cells.
    case wide
    /// Joined to the character before it.
    case mark
    /// Shown as U+FFFD, so that the reader sees that something is there.
    case replaced
    /// Shown as a blank: tabs and the many kinds of spaces.
    case blank
    /// Left out after a symbol: the selectors that ask for its emoji or text form.
    case selector
}

/// The single gate through which text reaches a screen.
///
/// Nothing that passes can move the cursor, change a terminal's state, reorder a line or hide: C0 and C1 controls
/// (ESC among them), bidi overrides and isolates, zero-width characters, joiners, tags, private use, unassigned and
/// other ignorable scalars become U+FFFD. A name with a hidden character so never looks like the name without it.
enum TextGate {
    /// The visible replacement of what may not be shown.
    static let replacement: UInt32 = 0xFFFD

    /// Judges a scalar.
    static func verdict(_ scalar: UInt32) -> GateVerdict {
        if scalar >= 0x20 && scalar < 0x7F { return .narrow }
        if scalar >= 0x2500 && scalar < 0x25FD { return .narrow }
        if scalar >= 0xC0 && scalar < 0x300 { return .narrow }
        if scalar < 0xC0 { return latin(scalar) }
        guard let value = Unicode.Scalar(scalar) else { return .replaced }
        if scalar == 0xFE0E || scalar == 0xFE0F { return .selector }
        if isTrailingJamo(scalar) { return .mark }
        return other(value)
    }

    /// Whether a scalar takes two cells.
    static func isWide(_ scalar: UInt32) -> Bool {
        var low = 0
        var high = wideRanges.count
        while low < high {
            let middle = (low + high) / 2
            if wideRanges[middle].last < scalar { low = middle + 1 } else { high = middle }
        }
        return low < wideRanges.count && wideRanges[low].first <= scalar
    }

    private static func latin(_ scalar: UInt32) -> GateVerdict {
        switch scalar {
        case 0x09, 0xA0: .blank
        case 0xA1..<0xC0 where scalar != 0xAD: .narrow
        default: .replaced
        }
    }

    /// Vowels and final consonants that terminals draw into the cell of the syllable's first letter.
    private static func isTrailingJamo(_ scalar: UInt32) -> Bool {
        (scalar > 0x1160 && scalar <= 0x11FF) || (scalar >= 0xD7B0 && scalar <= 0xD7FF)
    }

    private static func other(_ scalar: Unicode.Scalar) -> GateVerdict {
        let properties = scalar.properties
        if properties.isDefaultIgnorableCodePoint { return .replaced }
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
            return .replaced
        case .nonspacingMark, .enclosingMark:
            return .mark
        case .spaceSeparator:
            return .blank
        default:
            return isWide(scalar.value) ? .wide : .narrow
        }
    }
}
