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

/// One character as the canvas stores it.
struct TextCell {
    /// The scalar that is shown.
    var scalar: UInt32
    /// A combining mark on it, or 0.
    var mark: UInt32
    /// Cells it takes: 1 or 2.
    var width: Int
}

/// Turns a text into the cells that show it, safely: every text on a screen goes through this sequence.
struct TextCells: Sequence, IteratorProtocol {
    private var scalars: String.UnicodeScalarView.Iterator
    private var pending: UInt32?

    init(_ text: some StringProtocol) {
        scalars = String.UnicodeScalarView(text.unicodeScalars).makeIterator()
    }

    init(_ text: String) {
        scalars = text.unicodeScalars.makeIterator()
    }

    mutating func next() -> TextCell? {
        guard let scalar = pending ?? scalars.next()?.value else { return nil }
        pending = nil
        switch TextGate.verdict(scalar) {
        case .narrow: return marked(scalar, width: 1)
        case .wide: return marked(scalar, width: 2)
        case .blank: return TextCell(scalar: 0x20, mark: 0, width: 1)
        case .mark, .replaced, .selector: return TextCell(scalar: TextGate.replacement, mark: 0, width: 1)
        }
    }

    /// Takes in the marks that follow: the first one is kept, more (stacked to paint over other rows) are left out.
    private mutating func marked(_ scalar: UInt32, width: Int) -> TextCell {
        var cell = TextCell(scalar: scalar, mark: 0, width: width)
        while let next = scalars.next()?.value {
            if next >= 0x300 {
                let verdict = TextGate.verdict(next)
                if verdict == .mark {
                    if cell.mark == 0 { cell.mark = next }
                    continue
                }
                if verdict == .selector && scalar >= 0x2000 { continue }
            }
            pending = next
            break
        }
        return cell
    }
}

/// The cells a text takes on a screen: 2 for East Asian wide characters and emoji, 0 for combining marks, 1 else,
/// also for the visible replacement of a character that may not be shown.
public func displayWidth(of text: some StringProtocol) -> Int {
    // Most texts are printable ASCII, a cell a byte.
    if text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) { return text.utf8.count }
    let text = String(text)
    var width = 0
    for cell in TextCells(text) { width += cell.width }
    return width
}

/// The text as a screen would show it: controls, bidi overrides and hidden characters replaced, spaces made blanks.
public func safeText(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for cell in TextCells(text) {
        result.append(Unicode.Scalar(cell.scalar) ?? "?")
        if cell.mark != 0, let mark = Unicode.Scalar(cell.mark) { result.append(mark) }
    }
    return String(result)
}

/// The scalars that take two cells: East Asian wide and full-width ones and emoji, as closed ranges in order.
///
/// From EastAsianWidth.txt of Unicode 14 (values W and F; planes 2 and 3 whole); gaps of up to 16 unassigned scalars
/// inside a block are bridged, since what is assigned there later is wide too.
let wideRanges: [(first: UInt32, last: UInt32)] = [
    (0x1100, 0x115F), (0x231A, 0x231B), (0x2329, 0x232A), (0x23E9, 0x23EC), (0x23F0, 0x23F0), (0x23F3, 0x23F3),
    (0x25FD, 0x25FE), (0x2614, 0x2615), (0x2648, 0x2653), (0x267F, 0x267F), (0x2693, 0x2693), (0x26A1, 0x26A1),
    (0x26AA, 0x26AB), (0x26BD, 0x26BE), (0x26C4, 0x26C5), (0x26CE, 0x26CE), (0x26D4, 0x26D4), (0x26EA, 0x26EA),
    (0x26F2, 0x26F3), (0x26F5, 0x26F5), (0x26FA, 0x26FA), (0x26FD, 0x26FD), (0x2705, 0x2705), (0x270A, 0x270B),
    (0x2728, 0x2728), (0x274C, 0x274C), (0x274E, 0x274E), (0x2753, 0x2755), (0x2757, 0x2757), (0x2795, 0x2797),
    (0x27B0, 0x27B0), (0x27BF, 0x27BF), (0x2B1B, 0x2B1C), (0x2B50, 0x2B50), (0x2B55, 0x2B55), (0x2E80, 0x2FD5),
    (0x2FF0, 0x303E), (0x3041, 0x3247), (0x3250, 0x4DBF), (0x4E00, 0xA4C6), (0xA960, 0xA97C), (0xAC00, 0xD7A3),
    (0xF900, 0xFAD9), (0xFE10, 0xFE19), (0xFE30, 0xFE6B), (0xFF01, 0xFF60), (0xFFE0, 0xFFE6), (0x16FE0, 0x18CD5),
    (0x18D00, 0x18D08), (0x1AFF0, 0x1B122), (0x1B150, 0x1B152), (0x1B164, 0x1B2FB), (0x1F004, 0x1F004),
    (0x1F0CF, 0x1F0CF), (0x1F18E, 0x1F18E), (0x1F191, 0x1F19A), (0x1F200, 0x1F265), (0x1F300, 0x1F320),
    (0x1F32D, 0x1F335), (0x1F337, 0x1F37C), (0x1F37E, 0x1F393), (0x1F3A0, 0x1F3CA), (0x1F3CF, 0x1F3D3),
    (0x1F3E0, 0x1F3F0), (0x1F3F4, 0x1F3F4), (0x1F3F8, 0x1F43E), (0x1F440, 0x1F440), (0x1F442, 0x1F4FC),
    (0x1F4FF, 0x1F53D), (0x1F54B, 0x1F54E), (0x1F550, 0x1F567), (0x1F57A, 0x1F57A), (0x1F595, 0x1F596),
    (0x1F5A4, 0x1F5A4), (0x1F5FB, 0x1F64F), (0x1F680, 0x1F6C5), (0x1F6CC, 0x1F6CC), (0x1F6D0, 0x1F6D2),
    (0x1F6D5, 0x1F6DF), (0x1F6EB, 0x1F6EC), (0x1F6F4, 0x1F6FC), (0x1F7E0, 0x1F7F0), (0x1F90C, 0x1F93A),
    (0x1F93C, 0x1F945), (0x1F947, 0x1F9FF), (0x1FA70, 0x1FAF6), (0x20000, 0x3FFFD),
]
