/// What became of a step on a node.
public enum StepOutcome: Hashable, Sendable {
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

extension StepOutcome: Codable {
    private enum Key: String, CodingKey {
        case applied, refused
    }

    /// Decodes `{"applied":true}` or `{"refused":[…]}`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        if let mismatches = try container.decodeIfPresent([Mismatch].self, forKey: .refused) {
            self = .refused(mismatches)
        } else {
            _ = try container.decode(Bool.self, forKey: .applied)
            self = .applied
        }
    }

    /// Encodes `{"applied":true}` or `{"refused":[…]}`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .applied: try container.encode(true, forKey: .applied)
        case .refused(let mismatches): try container.encode(mismatches, forKey: .refused)
        }
    }
}
