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
public func displayWidth(of text: String) -> Int {
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
