/// Why flows cannot be summed up.
///
/// Nothing was counted when it is thrown.
public enum FlowSummaryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A scheme of so many buckets.
    case buckets(UInt32)

    /// One sentence that says what is wrong and what would be right.
    public var description: String {
        switch self {
        case .buckets(let total):
            "a summary counts 1 to \(FlowSummary.maximumBuckets) buckets, and the scheme has \(total)"
        }
    }
}
