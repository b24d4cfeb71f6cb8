import ClusterModel
import TestSupport
import Testing

@Suite struct BucketSetTests {
    @Test(arguments: [
        ("3,7-9", [3, 7, 8, 9]), ("1", [1]), ("16", [16]), ("1-16", Array(1...16)), ("5,5,4", [4, 5]),
        ("65536", [65536]),
    ])
    func `text names buckets`(text: String, buckets: [Int]) throws {
        let set = try BucketSet(parsing: text)
        #expect(Array(set) == buckets)
    }

    @Test(arguments: [
        ("", BucketSetError.notBuckets("")), ("a", .notBuckets("a")), ("1-", .notBuckets("1-")),
        ("-1", .notBuckets("-1")), ("1--2", .notBuckets("1--2")), ("+3", .notBuckets("+3")), ("9-7", .reversed("9-7")),
        ("0", .outside(bucket: 0, total: 16)), ("3,17", .outside(bucket: 17, total: 16)),
        ("99999999999", .notBuckets("99999999999")), ("1,,2", .notBuckets("")),
    ])
    func `text that names no buckets says what is wrong`(text: String, error: BucketSetError) {
        #expect(throws: error) { try BucketSet(parsing: text, total: 16) }
    }

    @Test(arguments: [([], ""), ([4], "4"), ([1, 2, 3, 7, 64, 65], "1-3,7,64-65")])
    func `a set writes its runs`(buckets: [Int], text: String) {
        #expect(BucketSet(buckets).description == text)
    }

    @Test(arguments: [
        ([], 5, ""), ([1, 2, 3, 7], 5, "1-3,7"), ([1, 2, 3, 7], 4, "4 buckets"), ([5], 0, "1 bucket"),
        ([1, 2, 3, 7, 9, 11, 13, 15, 17, 19], 18, "1-3,7,9 and 5 more"),
        ([1, 2, 3, 7, 9, 11, 13, 15], 15, "1-3 and 5 more"),
        (Array(1...300), 5, "1-300"), (Array(1...300), 4, "300 buckets"),
        (Array(stride(from: 1, to: 200, by: 2)), 21, "1,3,5,7,9 and 95 more"),
    ])
    func `a set that does not fit says how many buckets follow`(buckets: [Int], limit: Int, text: String) {
        #expect(BucketSet(buckets).fitting(limit) == text)
    }

    @Test func `sets that hold the same buckets are equal, however they came about`() {
        var set: BucketSet = [1, 300]
        set.remove(300)
        #expect(set == [1])
        #expect(set.hashValue == BucketSet([1]).hashValue)
        #expect(set.last == 1 && set.count == 1)
    }

    @Test func `numbers that are no buckets are left out`() {
        #expect(BucketSet([0, -3, 65537]).isEmpty)
        #expect(!BucketSet([1]).contains(0) && !BucketSet([1]).contains(Int.max))
    }

    @Test func `set arithmetic crosses word borders`() {
        let (low, high): (BucketSet, BucketSet) = ([1, 64, 65], [64, 200])
        #expect(low.union(high) == [1, 64, 65, 200])
        #expect(low.intersection(high) == [64])
        #expect(high.subtracting(low) == [200])
        #expect(low.subtracting(low).isEmpty)
        #expect(BucketSet([64]).isSubset(of: high))
    }

    @Test func `a run of text comes back as it was`() throws {
        var generator = SplitMix(seed: 1)
        for _ in 0..<200 {
            let set = BucketSet((0..<20).map { _ in Int.random(in: 1...2000, using: &generator) })
            let read = try BucketSet(parsing: set.description)
            #expect(read == set)
        }
    }
}
