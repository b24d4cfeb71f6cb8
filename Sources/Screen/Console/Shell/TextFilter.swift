/// What is typed behind `/` where rows are text: words that a row must all have; `!` before one means that it must not.
struct TextFilter {
    private let words: [(text: String, isInverted: Bool)]

    /// A filter from what is typed; capitals do not matter.
    init(_ text: String) {
        words = text.lowercased().split(separator: " ").compactMap { word in
            let isInverted = word.first == "!"
            let text = isInverted ? word.dropFirst() : word
            return text.isEmpty ? nil : (String(text), isInverted)
        }
    }

    /// Whether a row of these texts is shown.
    func matches(_ texts: [String]) -> Bool {
        guard !words.isEmpty else { return true }
        let texts = texts.map { $0.lowercased() }
        return words.allSatisfy { word in texts.contains { $0.contains(word.text) } != word.isInverted }
    }
}
