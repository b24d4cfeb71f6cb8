/// What a node has to do with a bucket.
///
/// Source: the sets of our own nftables table, Docs/Table.md.
public enum Holding: String, CaseIterable, Sendable, Codable {
    /// Nothing.
    case none
    /// It accepts new flows of the bucket.
    case owned
    /// It keeps the bucket's established TCP connections and refuses everything else.
    case draining
    /// It accepts new flows of the bucket, and TCP segments of connections it never saw, so that they are reset.
    case adopted
}
