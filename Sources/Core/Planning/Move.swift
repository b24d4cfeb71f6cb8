/// One bucket's way from its owner to another node.
public struct Move: Hashable, Sendable, Codable {
    /// The bucket.
    public var bucket: Int
    /// The node that gives it up; nil for an orphan or a dead owner.
    public var from: String?
    /// The node that gets it.
    public var to: String

    /// A move from its parts.
    public init(bucket: Int, from: String?, to: String) {
        self.bucket = bucket
        self.from = from
        self.to = to
    }
}
