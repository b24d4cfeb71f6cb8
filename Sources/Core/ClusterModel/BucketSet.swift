/// A set of bucket numbers, 1…65,536, as one bit each.
public struct BucketSet: Hashable, Sendable {
    /// The largest bucket number there can be.
    public static let maximumBucket = 65_536

    /// Bit `bucket - 1` of the whole; no zero word at the end, so that equal sets have equal words.
    private(set) var words: [UInt64] = []

    /// The empty set.
    public init() {}

    /// The set of these bucket numbers; numbers outside 1…65,536 are left out.
    public init(_ buckets: some Sequence<Int>) {
        for bucket in buckets { insert(bucket) }
    }

    /// Whether there is no bucket in the set.
    public var isEmpty: Bool { words.isEmpty }

    /// How many buckets are in the set.
    public var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// The largest bucket of the set.
    public var last: Int? { words.last.map { words.count * 64 - $0.leadingZeroBitCount } }

    /// Whether a bucket is in the set.
    public func contains(_ bucket: Int) -> Bool {
        guard bucket >= 1, (bucket - 1) / 64 < words.count else { return false }
        return words[(bucket - 1) / 64] >> UInt64((bucket - 1) % 64) & 1 == 1
    }

    /// Adds a bucket; a number outside 1…65,536 is left out.
    public mutating func insert(_ bucket: Int) {
        guard (1...Self.maximumBucket).contains(bucket) else { return }
        let word = (bucket - 1) / 64
        if word >= words.count { words.append(contentsOf: repeatElement(0, count: word + 1 - words.count)) }
        words[word] |= 1 << UInt64((bucket - 1) % 64)
    }

    /// Takes a bucket out.
    public mutating func remove(_ bucket: Int) {
        guard contains(bucket) else { return }
        words[(bucket - 1) / 64] &= ~(1 << UInt64((bucket - 1) % 64))
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

    private func combined(_ other: Self, _ operation: (UInt64, UInt64) -> UInt64) -> Self {
        var result = Self()
        result.words = (0..<Swift.max(words.count, other.words.count)).map { index in
            operation(index < words.count ? words[index] : 0, index < other.words.count ? other.words[index] : 0)
        }
        result.trim()
        return result
    }

    private mutating func trim() {
        while words.last == 0 { words.removeLast() }
    }
}

extension BucketSet: Sequence {
    /// Walks the buckets in ascending order.
    public func makeIterator() -> some IteratorProtocol<Int> {
        words.enumerated().lazy.flatMap { index, word in
            sequence(state: word) { rest -> Int? in
                guard rest != 0 else { return nil }
                defer { rest &= rest - 1 }
                return index * 64 + rest.trailingZeroBitCount + 1
            }
        }.makeIterator()
    }
}

extension BucketSet: ExpressibleByArrayLiteral {
    /// The set of these bucket numbers.
    public init(arrayLiteral elements: Int...) { self.init(elements) }
}

extension BucketSet: Codable {
    /// Decodes an array of bucket numbers; a number outside 1…65,536 is an error.
    public init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        while !container.isAtEnd {
            let bucket = try container.decode(Int.self)
            guard (1...Self.maximumBucket).contains(bucket) else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "bucket \(bucket) is not 1–65536")
            }
            insert(bucket)
        }
    }

    /// Encodes an array of bucket numbers in ascending order.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        for bucket in self { try container.encode(bucket) }
    }
}
