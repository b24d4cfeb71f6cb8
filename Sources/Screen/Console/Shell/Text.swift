import Canvas

/// One row of text in several styles.
struct Line {
    /// The pieces, left to right.
    var runs: [(text: String, style: Style)] = []
    /// Whether this is the line that must be in view.
    var isFocus = false

    init() {}

    init(_ text: String, _ scope: Scope = .text, _ attributes: Attributes = []) {
        add(text, scope, attributes)
    }

    /// The columns that it takes.
    var width: Int { runs.reduce(0) { $0 + displayWidth(of: $1.text) } }

    mutating func add(_ text: String, _ scope: Scope = .text, _ attributes: Attributes = []) {
        runs.append((text, Style(scope, attributes: attributes)))
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
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, displayWidth(of: line) + 1 + displayWidth(of: String(word)) > columns {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " \(word)"
        }
        return lines + [line]
    }
}
