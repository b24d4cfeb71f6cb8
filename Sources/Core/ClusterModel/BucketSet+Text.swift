extension BucketSet: CustomStringConvertible {
    /// The set as operators write it, runs joined: "1-4,7"; the empty set is "".
    public var description: String {
        var runs: [(first: Int, last: Int)] = []
        for bucket in self {
            if let run = runs.last, run.last == bucket - 1 {
                runs[runs.count - 1].last = bucket
            } else {
                runs.append((bucket, bucket))
            }
        }
        return runs.map { $0.first == $0.last ? "\($0.first)" : "\($0.first)-\($0.last)" }.joined(separator: ",")
    }

    /// The set in a few words: as operators write it, or how many buckets it has when that would be long.
    public var summary: String {
        let text = description
        return text.utf8.count <= 60 ? text : "\(count) buckets"
    }

    /// Reads text like `3,7-9`.
    ///
    /// - Throws: `BucketSetError` naming the part that is wrong, or a bucket above `total`.
    public init(parsing text: String, total: Int = BucketSet.maximumBucket) throws(BucketSetError) {
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            guard (1...2).contains(ends.count), let first = Self.number(ends[0]),
                let last = Self.number(ends[ends.count - 1])
            else { throw .notBuckets(String(part)) }
            guard first <= last else { throw .reversed(String(part)) }
            for bucket in [first, last] where bucket < 1 || bucket > total {
                throw .outside(bucket: bucket, total: total)
            }
            for bucket in first...last { insert(bucket) }
        }
    }

    private static func number(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.count <= 9, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }
}
