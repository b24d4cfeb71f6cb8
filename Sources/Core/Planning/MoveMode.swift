/// How the old owner gives up a bucket.
public enum MoveMode: String, CaseIterable, Sendable, Codable {
    /// It keeps its established connections and refuses new ones: owned → draining.
    case graceful
    /// It stops at once and forgets the bucket's connections: owned → nothing; the new owner resets them.
    case immediate
    /// It is dead: the new owner claims the bucket and resets connections it never saw.
    case takeOver = "take_over"
}
