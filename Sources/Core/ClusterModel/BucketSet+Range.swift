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
