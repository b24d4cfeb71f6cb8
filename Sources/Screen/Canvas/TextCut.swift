/// Where a text that does not fit is cut, so that what is left does not say something else.
enum TextCut {
    /// The beginning of a text that is cut after so many columns, when that would leave a part of a word that has a digit in
    /// it; nil: it may be cut there.
    ///
    /// A list is cut behind a comma. A name of which nothing would be left is cut like any word.
    static func shortened(_ text: String, columns: Int) -> String? {
        let characters = Array(text)
        var end = 0
        var used = 0
        while end < characters.count {
            let width = displayWidth(of: String(characters[end]))
            guard used + width <= columns else { break }
            used += width
            end += 1
        }
        guard end < characters.count, end > 0, characters[end] != " ", characters[end - 1] != " " else {
            return nil
        }
        let place = place(in: characters, before: end)
        return place < end ? String(characters[..<place]) : nil
    }

    /// The last place up to `end` where the text can be cut.
    private static func place(in characters: [Character], before end: Int) -> Int {
        let start = characters[..<end].lastIndex(of: " ").map { $0 + 1 } ?? 0
        let word = characters[start...].prefix { $0 != " " }
        guard word.contains(where: isDigit) else { return end }
        if let comma = characters[start..<end].lastIndex(of: ",") { return comma + 1 }
        let isNumber = word.allSatisfy { isDigit($0) || "-.:/%+".contains($0) }
        let isAlone = characters[..<start].allSatisfy { $0 == " " }
        return isAlone && !isNumber ? end : start
    }

    private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }
}
