/// A set of bucket numbers, 1…65,536, as one bit each.
public struct BucketSet: Hashable, Sendable {
    /// The largest bucket number there can be.
    public static let maximumBucket = 65_536

    /// The buckets 1 to 64, bit `bucket - 1`; the sets of most clusters need no memory beside it.
    private var first: UInt64 = 0
    /// The buckets beyond, 64 a word; no zero word at the end, so that equal sets have equal words.
    private var beyond: [UInt64] = []

    /// The empty set.
    public init() {}

    /// The set of these bucket numbers; numbers outside 1…65,536 are left out.
    @inlinable public init(_ buckets: some Sequence<Int>) {
        self.init()
        for bucket in buckets { insert(bucket) }
    }

    /// The same of an array, which is what large plans are made from.
    public init(_ buckets: [Int]) {
        for bucket in buckets { insert(bucket) }
    }

    /// The buckets 1 to 64 of a bitmap, bit `bucket - 1`.
    public init(bitmap: UInt64) { first = bitmap }

    /// Whether there is no bucket in the set.
    public var isEmpty: Bool { first == 0 && beyond.isEmpty }

    /// How many buckets are in the set.
    public var count: Int { beyond.reduce(first.nonzeroBitCount) { $0 + $1.nonzeroBitCount } }

    /// The largest bucket of the set.
    public var last: Int? {
        guard let word = beyond.last else { return first == 0 ? nil : 64 - first.leadingZeroBitCount }
        return (beyond.count + 1) * 64 - word.leadingZeroBitCount
    }

    /// Whether a bucket is in the set.
    public func contains(_ bucket: Int) -> Bool {
        guard bucket > 64 else { return bucket >= 1 && first >> UInt64(bucket - 1) & 1 == 1 }
        return word((bucket - 1) / 64) >> UInt64((bucket - 1) % 64) & 1 == 1
    }

    /// Adds a bucket; a number outside 1…65,536 is left out.
    public mutating func insert(_ bucket: Int) {
        guard (1...Self.maximumBucket).contains(bucket) else { return }
        insert(UInt64(1) << UInt64((bucket - 1) % 64), at: (bucket - 1) / 64)
    }

    /// Takes a bucket out.
    public mutating func remove(_ bucket: Int) {
        guard contains(bucket) else { return }
        let bit = UInt64(1) << UInt64((bucket - 1) % 64)
        guard bucket > 64 else { return first &= ~bit }
        beyond[(bucket - 1) / 64 - 1] &= ~bit
        trim()
    }

    /// The buckets in either set.
    public func union(_ other: Self) -> Self { combined(other) { $0 | $1 } }

    /// The buckets in both sets.
    public func intersection(_ other: Self) -> Self { combined(other) { $0 & $1 } }

    /// The buckets of this set that are not in the other.
    public func subtracting(_ other: Self) -> Self { combined(other) { $0 & ~$1 } }

    /// Whether every bucket of this set is in the other.
    public func isSubset(of other: Self) -> Bool { subtracting(other).isEmpty }

    /// How many words there are, counted from bucket 1 on.
    var wordCount: Int { beyond.count + 1 }

    /// The buckets `64 * index + 1` to `64 * index + 64`, the smallest in the lowest bit.
    func word(_ index: Int) -> UInt64 {
        guard index > 0 else { return first }
        return index <= beyond.count ? beyond[index - 1] : 0
    }

    /// Adds the buckets of a bitmap to a word.
    mutating func insert(_ bits: UInt64, at index: Int) {
        guard index > 0 else { return first |= bits }
        if index > beyond.count { beyond.append(contentsOf: repeatElement(0, count: index - beyond.count)) }
        beyond[index - 1] |= bits
    }

    private func combined(_ other: Self, _ operation: (UInt64, UInt64) -> UInt64) -> Self {
        var result = Self()
        result.first = operation(first, other.first)
        if beyond.isEmpty, other.beyond.isEmpty { return result }
        result.beyond = (1..<Swift.max(wordCount, other.wordCount)).map { operation(word($0), other.word($0)) }
        result.trim()
        return result
    }

    private mutating func trim() {
        while beyond.last == 0 { beyond.removeLast() }
    }
}

extension BucketSet: Sequence {
    /// Walks the buckets in ascending order.
    public struct Iterator: IteratorProtocol {
        private let set: BucketSet
        private var index = 0
        private var rest: UInt64

        fileprivate init(_ set: BucketSet) {
            self.set = set
            rest = set.word(0)
        }

        /// The next bucket; nil after the last.
        public mutating func next() -> Int? {
            while rest == 0 {
                guard index + 1 < set.wordCount else { return nil }
                index += 1
                rest = set.word(index)
            }
            defer { rest &= rest - 1 }
            return index * 64 + rest.trailingZeroBitCount + 1
        }
    }

    /// The buckets in ascending order.
    public func makeIterator() -> Iterator { Iterator(self) }

    /// How many buckets are in the set.
    public var underestimatedCount: Int { count }
}

extension BucketSet: ExpressibleByArrayLiteral {
    /// The set of these bucket numbers.
    public init(arrayLiteral elements: Int...) { self.init(elements) }
}

extension BucketSet: Codable {
    /// Has encoders write sets as operators do, in one text, when it is true in `userInfo`; large sets are long otherwise.
    public static let asText = CodingUserInfoKey(rawValue: "buckets_as_text")!

    /// Decodes an array of bucket numbers, or a text as operators write it; a number outside 1…65,536 is an error.
    public init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            self.init()
            do throws(BucketSetError) {
                for run in text.isEmpty ? [] : try Self.runs(in: text) { insert(run) }
            } catch {
                throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "\(error)"))
            }
            return
        }
        var container = try decoder.unkeyedContainer()
        self.init()
        while !container.isAtEnd {
            let bucket = try container.decode(Int.self)
            guard (1...Self.maximumBucket).contains(bucket) else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "bucket \(bucket) is not 1–65536")
            }
            insert(bucket)
        }
    }

    /// Encodes an array of bucket numbers in ascending order, or a text where that is wanted.
    public func encode(to encoder: any Encoder) throws {
        if encoder.userInfo[Self.asText] as? Bool == true {
            var container = encoder.singleValueContainer()
            return try container.encode(description)
        }
        var container = encoder.unkeyedContainer()
        for bucket in self { try container.encode(bucket) }
    }
}

extension BucketSet {
    /// Adds the buckets of a range, a word at a time; numbers outside 1…65,536 are left out.
    public mutating func insert(_ range: ClosedRange<Int>) {
        let first = Swift.max(range.lowerBound, 1) - 1
        let last = Swift.min(range.upperBound, Self.maximumBucket) - 1
        guard first <= last else { return }
        for index in (first / 64)...(last / 64) { insert(Self.bits(of: index, from: first, to: last), at: index) }
    }

    /// The bits of a word that stand for buckets from one to another, both counted from 0.
    private static func bits(of index: Int, from first: Int, to last: Int) -> UInt64 {
        var bits = ~UInt64(0)
        if index == first / 64 { bits &= ~0 << UInt64(first % 64) }
        if index == last / 64 { bits &= ~0 >> UInt64(63 - last % 64) }
        return bits
    }

    /// How many buckets of a range are in the set; counted a word at a time.
    public func count(in range: ClosedRange<Int>) -> Int {
        let first = Swift.max(range.lowerBound, 1) - 1
        let last = Swift.min(range.upperBound, wordCount * 64) - 1
        guard first <= last else { return 0 }
        var count = 0
        for index in (first / 64)...(last / 64) {
            count += (word(index) & Self.bits(of: index, from: first, to: last)).nonzeroBitCount
        }
        return count
    }
}

extension BucketSet: CustomStringConvertible {
    /// The set as operators write it, runs joined: "1-4,7"; the empty set is "".
    public var description: String { runs.map(Self.text).joined(separator: ",") }

    /// The set in a few words: as operators write it, or how many buckets it has when that would be long.
    public var summary: String {
        let text = description
        return text.utf8.count <= 60 ? text : "\(count) buckets"
    }

    /// The set as a sentence names it: "bucket 7", "buckets 1-4,7", or "120 buckets" when the list would be long.
    public var named: String {
        let text = summary
        if text.utf8.last == UInt8(ascii: "s") { return text }
        return count == 1 ? "bucket \(text)" : "buckets \(text)"
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

/// Why text does not name buckets.
public enum BucketSetError: Error, Hashable, CustomStringConvertible {
    /// A part that is neither a number nor a range.
    case notBuckets(String)
    /// A range whose first number is larger than its last.
    case reversed(String)
    /// A number below 1 or above the cluster's number of buckets.
    case outside(bucket: Int, total: Int)

    /// One sentence with the value and what would be right.
    public var description: String {
        switch self {
        case .notBuckets(let text): "\"\(text)\" names no bucket: write numbers and ranges like 3,7-9"
        case .reversed(let text): "the range \(text) runs backwards: write the smaller number first"
        case .outside(let bucket, let total): "there is no bucket \(bucket): this cluster's buckets are 1 to \(total)"
        }
    }
}
