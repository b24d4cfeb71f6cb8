/// Why a batch of flows is not placed.
///
/// Its source is this library; nothing was written when it is thrown.
public enum BulkError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The columns or the room for the buckets have different lengths.
    case lengths
    /// There are more buckets than the type of the results can number.
    case tooManyBuckets(UInt32)
    /// This processor has no vectors of that width.
    case unavailable(VectorWidth)

    /// One sentence that says what is wrong and what would be right.
    public var description: String {
        switch self {
        case .lengths: "the columns of a batch and the room for its buckets must have the same length"
        case .tooManyBuckets(let total):
            "\(total) buckets do not fit into 16 bits; at most 65535 do, take 32-bit results"
        case .unavailable(let width): "this processor has no \(width.rawValue) vectors"
        }
    }
}
