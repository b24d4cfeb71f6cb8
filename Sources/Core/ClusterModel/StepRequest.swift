import Responsibility

/// One change of ownership on one node: a compare-and-set over a few buckets, applied as a whole or not at all.
public struct StepRequest: Hashable, Sendable, Codable {
    /// One bucket's part of the step.
    public struct Change: Hashable, Sendable, Codable {
        /// The bucket.
        public var bucket: Int
        /// The state it must be in; nil: the node has nothing to do with it.
        public var from: BucketState?
        /// The state it gets; nil: out of all sets.
        public var to: BucketState?

        /// The text of the mark that must stand beside the state found; empty: none stands there; nil: it does not matter.
        ///
        /// Marks never come back, so a request that names the one it saw can be carried out late, twice or after others
        /// without doing anything that was not meant: what it expects is gone for ever.
        public var by: String?

        /// A change from its parts.
        public init(bucket: Int, from: BucketState?, to: BucketState?, by: String? = nil) {
            self.bucket = bucket
            self.from = from
            self.to = to
            self.by = by
        }
    }

    /// The text of the `OperationMark` that is written beside each element in the kernel.
    public var operation: String
    /// The cluster address.
    public var address: IPAddress
    /// The changes, each bucket at most once.
    public var changes: [Change]
    /// How many buckets there are where these numbers mean what they are to mean; nil in steps of 0.1.
    ///
    /// While a cluster is resized its nodes differ in that.
    public var bucketCount: Int?
    /// The last moment at which the node may carry it out, on its own clock in nanoseconds; nil: at any time.
    ///
    /// Whoever sends the step writes it, so it is in no plan and no journal.
    public var until: UInt64?

    /// A step from its parts.
    public init(
        operation: String, address: IPAddress, changes: [Change], bucketCount: Int? = nil, until: UInt64? = nil
    ) {
        self.operation = operation
        self.address = address
        self.changes = changes
        self.bucketCount = bucketCount
        self.until = until
    }
}

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
