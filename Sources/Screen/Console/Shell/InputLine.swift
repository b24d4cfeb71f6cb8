import Canvas

/// One line of text being edited: what is typed, and where the cursor stands in it.
struct InputLine: Hashable, Sendable {
    /// The longest line that is kept, in characters.
    static let limit = 256

    /// The characters of the line; no control characters.
    private(set) var characters: [Character] = []
    /// The cursor's place, 0…count.
    private(set) var cursor = 0

    /// A line that holds this text, the cursor at its end.
    init(_ text: String = "") { insert(text) }

    /// The line as text.
    var text: String { String(characters) }
    /// Whether nothing is typed.
    var isEmpty: Bool { characters.isEmpty }

    /// Puts text in at the cursor; line breaks and tabs become spaces, other control characters are left out.
    mutating func insert(_ text: String) {
        for character in text where characters.count < Self.limit {
            guard let safe = Self.safe(character) else { continue }
            characters.insert(safe, at: cursor)
            cursor += 1
        }
    }

    /// Takes out the character before the cursor.
    mutating func deleteBackward() {
        guard cursor > 0 else { return }
        cursor -= 1
        characters.remove(at: cursor)
    }

    /// Takes out the character under the cursor.
    mutating func deleteForward() {
        guard cursor < characters.count else { return }
        characters.remove(at: cursor)
    }

    /// Takes out the word before the cursor.
    mutating func deleteWord() {
        while cursor > 0, characters[cursor - 1] == " " { deleteBackward() }
        while cursor > 0, characters[cursor - 1] != " " { deleteBackward() }
    }

    /// Takes out everything.
    mutating func clear() { self = Self() }

    /// Moves the cursor by some characters, staying in the line.
    mutating func move(by distance: Int) { cursor = min(max(cursor + distance, 0), characters.count) }

    /// Moves the cursor to the start.
    mutating func moveToStart() { cursor = 0 }

    /// Moves the cursor behind the last character.
    mutating func moveToEnd() { cursor = characters.count }

    /// Does what a key does to a line; false for a key that does nothing to it.
    @discardableResult
    mutating func edit(_ key: Key) -> Bool {
        switch key {
        case .character(let character): insert(String(character))
        case .backspace: deleteBackward()
        case .delete: deleteForward()
        case .left, .ctrl("b"): move(by: -1)
        case .right, .ctrl("f"): move(by: 1)
        case .home, .ctrl("a"): moveToStart()
        case .end, .ctrl("e"): moveToEnd()
        case .ctrl("u"): clear()
        case .ctrl("w"): deleteWord()
        default: return false
        }
        return true
    }

    private static func safe(_ character: Character) -> Character? {
        if character.isNewline || character == "\t" { return " " }
        let isControl = character.unicodeScalars.contains { $0.value < 32 || (127..<160).contains($0.value) }
        return isControl ? nil : character
    }
}
