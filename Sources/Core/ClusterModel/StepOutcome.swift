/// What became of a step on a node.
public enum StepOutcome: Hashable, Sendable, Codable {
    /// Every change was made, in one kernel transaction.
    case applied
    /// Nothing was changed: these buckets were not in the state the step expects.
    case refused([Mismatch])

    /// A bucket that was found in another state than expected.
    public struct Mismatch: Hashable, Sendable, Codable {
        /// The bucket.
        public var bucket: Int
        /// The state the step expects.
        public var expected: BucketState?
        /// The state the kernel holds.
        public var found: BucketState?
        /// The operation that wrote the state found, when the kernel knows.
        public var writtenBy: String?

        /// A mismatch from its parts.
        public init(bucket: Int, expected: BucketState?, found: BucketState?, writtenBy: String? = nil) {
            self.bucket = bucket
            self.expected = expected
            self.found = found
            self.writtenBy = writtenBy
        }
    }
}
