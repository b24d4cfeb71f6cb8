/// A key press as the console's key map sees it.
public enum Key: Hashable, Sendable {
    /// A printable character, shift already applied: `q`, `Q`, `é`, a blank.
    case character(Character)
    /// A letter (lower case) or one of `[ \ ] ^ _` with the control key; Ctrl-I is `tab`, Ctrl-M `enter`, and
    /// Ctrl-Space is `ctrl(" ")`.
    case ctrl(Character)
    /// A character with the alt key (sent by terminals as ESC and the character).
    case alt(Character)
    case enter, escape, tab, backTab, backspace
    case up, down, left, right, home, end, pageUp, pageDown, insert, delete
    /// F1 is 1.
    case function(Int)

    /// The key's name for help and footers, in ASCII: `q`, `Ctrl-P`, `Alt-x`, `Space`, `PgUp`, `F5`.
    public var label: String {
        switch self {
        case .character(" "): "Space"
        case .character(let character): String(character)
        case .ctrl(" "): "Ctrl-Space"
        case .ctrl(let character): "Ctrl-" + character.uppercased()
        case .alt(let character): "Alt-" + String(character)
        case .enter: "Enter"
        case .escape: "Esc"
        case .tab: "Tab"
        case .backTab: "Shift-Tab"
        case .backspace: "Backspace"
        case .up: "Up"
        case .down: "Down"
        case .left: "Left"
        case .right: "Right"
        case .home: "Home"
        case .end: "End"
        case .pageUp: "PgUp"
        case .pageDown: "PgDn"
        case .insert: "Ins"
        case .delete: "Del"
        case .function(let number): "F\(number)"
        }
    }
}

extension Key {
    /// The keys that have a name.
    private static let named: [Key] = [
        .character(" "), .ctrl(" "), .enter, .escape, .tab, .backTab, .backspace, .up, .down, .left, .right, .home,
        .end, .pageUp, .pageDown, .insert, .delete,
    ]

    /// Reads a label: `q`, `Ctrl-P`, `Alt-x`, `Space`, `F5`.
    ///
    /// Capitals matter for characters alone; nil for anything else.
    public init?(label: String) {
        let small = label.lowercased()
        if let key = Self.named.first(where: { $0.label.lowercased() == small }) {
            self = key
        } else if label.count == 1, let character = label.first, !character.isWhitespace {
            self = .character(character)
        } else if small.hasPrefix("ctrl-"), let character = small.last, small.count == 6, character.isASCII {
            self = .ctrl(character)
        } else if small.hasPrefix("alt-"), let character = label.last, label.count == 5 {
            self = .alt(character)
        } else if small.first == "f", let number = Int(small.dropFirst()), (1...20).contains(number) {
            self = .function(number)
        } else {
            return nil
        }
    }
}
