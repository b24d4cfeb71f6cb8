extension BucketSet {
    /// How many buckets of a range are in the set; counted a word at a time.
    public func count(in range: ClosedRange<Int>) -> Int {
        let first = Swift.max(range.lowerBound, 1) - 1
        let last = Swift.min(range.upperBound, wordCount * 64) - 1
        guard first <= last else { return 0 }
        var count = 0
        for index in (first / 64)...(last / 64) {
            var word = word(index)
            if index == first / 64 { word &= ~0 << UInt64(first % 64) }
            if index == last / 64 { word &= ~0 >> UInt64(63 - last % 64) }
            count += word.nonzeroBitCount
        }
        return count
    }
}
