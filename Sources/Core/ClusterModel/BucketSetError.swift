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
