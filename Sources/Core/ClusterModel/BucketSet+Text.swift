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
        for run in try Self.runs(in: text, total: total) { insert(run) }
    }

    /// Reads text like `3,7-9` as the runs that it names, in its order; one bucket may be in several.
    ///
    /// - Throws: `BucketSetError` naming the part that is wrong, or a bucket above `total`.
    public static func runs(
        in text: String, total: Int = BucketSet.maximumBucket
    ) throws(BucketSetError) -> [ClosedRange<Int>] {
        var runs: [ClosedRange<Int>] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            guard (1...2).contains(ends.count), let first = number(ends[0]), let last = number(ends[ends.count - 1])
            else { throw .notBuckets(String(part)) }
            guard first <= last else { throw .reversed(String(part)) }
            for bucket in [first, last] where bucket < 1 || bucket > total {
                throw .outside(bucket: bucket, total: total)
            }
            runs.append(first...last)
        }
        return runs
    }

    private static func number(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.count <= 9, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }
}
