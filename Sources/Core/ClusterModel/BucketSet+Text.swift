extension BucketSet: CustomStringConvertible {
    /// The set as operators write it, runs joined: "1-4,7"; the empty set is "".
    public var description: String { runs.map(Self.text).joined(separator: ",") }

    /// The set in a few words: as operators write it, or how many buckets it has when that would be long.
    public var summary: String {
        let text = description
        return text.utf8.count <= 60 ? text : "\(count) buckets"
    }

    /// The set in at most so many characters, with no number cut: whole, or its first runs and how many buckets follow
    /// ("1-3,7 and 40 more"), or how many buckets it has.
    public func fitting(_ limit: Int) -> String {
        let runs = runs
        var rest = runs.reduce(0) { $0 + $1.count }
        var text = ""
        var best = "\(rest) bucket\(rest == 1 ? "" : "s")"
        for run in runs {
            text += (text.isEmpty ? "" : ",") + Self.text(run)
            rest -= run.count
            guard text.utf8.count <= limit else { return best }
            let words = rest == 0 ? text : "\(text) and \(rest) more"
            if words.utf8.count <= limit { best = words }
        }
        return runs.isEmpty ? "" : best
    }

    /// The longest ranges of buckets in the set, ascending.
    private var runs: [ClosedRange<Int>] {
        var runs: [ClosedRange<Int>] = []
        for bucket in self {
            if let run = runs.last, run.upperBound == bucket - 1 {
                runs[runs.count - 1] = run.lowerBound...bucket
            } else {
                runs.append(bucket...bucket)
            }
        }
        return runs
    }

    private static func text(_ run: ClosedRange<Int>) -> String {
        run.count == 1 ? "\(run.lowerBound)" : "\(run.lowerBound)-\(run.upperBound)"
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
