import Canvas

/// One row of text in several styles.
struct Line {
    /// The pieces, left to right.
    var runs: [(text: String, style: Style)] = []
    /// Whether this is the line that must be in view.
    var isFocus = false
    /// Where its text goes on in the rows below, when it takes several.
    var hang = 2

    init() {}

    init(_ text: String, _ scope: Scope = .text, _ attributes: Attributes = []) {
        add(text, scope, attributes)
    }

    /// The columns that it takes.
    var width: Int { runs.reduce(0) { $0 + displayWidth(of: $1.text) } }

    mutating func add(_ text: String, _ scope: Scope = .text, _ attributes: Attributes = []) {
        runs.append((text, Style(scope, attributes: attributes)))
    }

    /// From here on the text is broken between words; its rows below begin where it does now.
    mutating func hangHere() { hang = width }

    /// The line in rows of so many columns, broken between words or behind a comma; a longer word is left to be cut.
    func wrapped(columns: Int) -> [Line] {
        guard width > columns, columns > 0 else { return [self] }
        let hang = hang < columns * 2 / 3 ? hang : 2
        var rows = [Line()]
        var used = 0
        for run in runs {
            for piece in Wrap.pieces(run.text) {
                let size = displayWidth(of: piece)
                let isBlank = piece.allSatisfy { $0 == " " }
                if used + size > columns, used > (rows.count > 1 ? hang : 0) {
                    if isBlank { continue }
                    rows.append(Line(String(repeating: " ", count: hang)))
                    used = hang
                }
                if isBlank, rows.count > 1, used == hang { continue }
                rows[rows.count - 1].runs.append((piece, run.style))
                used += size
            }
        }
        return rows
    }

    /// A label in a column of its own, and what follows it.
    static func fact(_ label: String, _ value: String, _ scope: Scope = .text) -> Line {
        var line = Line()
        line.add(Pad.left(label, 12), .textDim)
        line.add(value, scope)
        return line
    }
}

/// Text padded to a column's width; text that is wider stays as it is.
enum Pad {
    /// Blanks behind the text.
    static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - displayWidth(of: text)))
    }

    /// Blanks before the text.
    static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - displayWidth(of: text))) + text
    }

    /// A counter with its digits in groups of three: "1,002,117".
    static func grouped(_ number: UInt64) -> String {
        let digits = Array(String(number))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }
}

/// Breaks a sentence between words.
enum Wrap {
    /// The lines of a text, each at most `columns` wide unless a single word is wider.
    static func lines(_ text: String, columns: Int) -> [String] {
        var lines: [String] = []
        var (line, width) = ("", 0)
        for word in text.split(separator: " ") {
            let own = displayWidth(of: word)
            if !line.isEmpty, width + 1 + own > columns {
                lines.append(line)
                (line, width) = ("", 0)
            }
            if !line.isEmpty {
                line += " "
                width += 1
            }
            line += word
            width += own
        }
        return lines + [line]
    }

    /// A text in pieces that stay whole: words, runs of blanks, parts of a list behind its commas.
    static func pieces(_ text: String) -> [String] {
        var pieces: [String] = []
        var piece = ""
        for character in text {
            let isBlank = character == " "
            if let last = piece.last, isBlank != (last == " ") || last == "," && !isBlank {
                pieces.append(piece)
                piece = ""
            }
            piece.append(character)
        }
        return piece.isEmpty ? pieces : pieces + [piece]
    }
}
