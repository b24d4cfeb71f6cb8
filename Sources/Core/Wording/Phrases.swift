/// Lists in sentences.
enum Lists {
    /// "a", "a and b", "a, b and c".
    static func and(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return "\(words.dropLast().joined(separator: ", ")) and \(last)"
    }
}

/// Numbers in sentences.
enum Numbers {
    /// A count without digits behind the point, and without end.
    static func whole(_ value: Double) -> Int { Int(min(max(value, 0), 1e15)) }

    /// A number with one digit behind the point.
    static func tenths(_ value: Double) -> String { "\(Double(Int(min(max(value, 0), 1e9) * 10)) / 10)" }
}
