import ClusterModel

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

extension BucketSet {
    /// The set as a sentence names it, in so many columns, a number more or less.
    ///
    /// What does not fit is counted: "buckets 1-3,7 and 40 more".
    public func named(_ limit: Int) -> String {
        guard count != 1 else { return "bucket \(self)" }
        let text = fitting(limit)
        return text.hasSuffix("buckets") ? text : "buckets \(text)"
    }
}
