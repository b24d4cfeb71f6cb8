/// Something wrong or odd that the console noticed.
public struct Finding: Hashable, Sendable, Codable {
    /// How bad it is for clients.
    public enum Severity: String, Sendable, Codable, Comparable, CaseIterable {
        /// Odd, and harmless now.
        case notice
        /// Clients may suffer.
        case warning
        /// Clients suffer.
        case critical

        /// Orders by how bad it is.
        public static func < (left: Self, right: Self) -> Bool {
            allCases.firstIndex(of: left)! < allCases.firstIndex(of: right)!
        }
    }

    /// A stable name for programs, such as "orphan" or "seed_mismatch".
    public var code: String
    /// How bad it is.
    public var severity: Severity
    /// The node it is about; nil when it is about the cluster.
    public var node: String?
    /// The buckets it is about.
    public var buckets: BucketSet
    /// What was seen, with the values.
    public var evidence: String
    /// What clients notice, one sentence.
    public var effect: String
    /// What ends it, one sentence or a command line.
    public var remedy: String

    /// A finding from its parts.
    public init(
        code: String, severity: Severity, node: String? = nil, buckets: BucketSet = [], evidence: String,
        effect: String,
        remedy: String
    ) {
        self.code = code
        self.severity = severity
        self.node = node
        self.buckets = buckets
        self.evidence = evidence
        self.effect = effect
        self.remedy = remedy
    }
}
