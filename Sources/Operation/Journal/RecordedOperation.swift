import Planning

/// One operation, as the journal keeps it.
public struct RecordedOperation: Hashable, Sendable {
    /// How an operation ended.
    public enum Outcome: String, Sendable, Codable {
        /// Every step was done.
        case done
        /// Some steps were done.
        case partly
        /// No step was done.
        case failed
        /// It was cut off, and a later operation completed it.
        case resumed
        /// A later operation took it back.
        case undone
    }

    /// Its place in the journal; later ones have higher numbers.
    public var number: Int64
    /// Its id, as the kernels carry it.
    public var id: String
    /// The name of the cluster.
    public var cluster: String
    /// Who carried it out.
    public var author: Author
    /// When it began, UTC as "2026-11-22T14:02:31.045Z".
    public var started: String
    /// Why, in the operator's words; nil when none were given.
    public var reason: String?
    /// What was asked for, in words.
    public var title: String
    /// The plan; nil when this program cannot read it, and where only operations were asked for.
    public var plan: Plan?
    /// The id of the earlier operation that it completes or takes back; nil when there is none.
    public var settles: String?
    /// How it ended; nil while it runs, and when it was cut off.
    public var outcome: Outcome?
    /// When it ended, in the same form; nil while it runs, and when it was cut off.
    public var ended: String?
    /// Whether a program is carrying it out now.
    public var isRunning: Bool
    /// Its steps in order; empty where only operations were asked for.
    public var steps: [RecordedStep] = []

    /// Whether it has no end and nobody carries it out: its program was killed, or its machine lost power.
    public var isCutOff: Bool { ended == nil && !isRunning }

    /// One word for a list: the outcome, "running" or "cut off".
    public var word: String { outcome?.rawValue ?? (isRunning ? "running" : "cut off") }
}
