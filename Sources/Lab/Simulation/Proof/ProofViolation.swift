/// What did not hold in a run.
public struct ProofViolation: Hashable, Sendable, Codable {
    /// Which promise was broken.
    public enum Kind: String, CaseIterable, Sendable, Codable {
        /// A bucket has two live owners, or a node both answers and drains it.
        case owners
        /// Two nodes answer one packet.
        case answers
        /// A counter ran backwards.
        case counters
        /// The journal does not tell what the kernels did.
        case journal
        /// A kernel was changed before the journal said so.
        case unwritten
        /// Long after the faults not every bucket has an owner, or a conflict that others made has no finding.
        case gap
    }

    /// The run's seed.
    public var seed: UInt64
    /// Which promise was broken.
    public var kind: Kind
    /// One sentence.
    public var text: String
    /// The time in the run, in seconds.
    public var seconds: Double
}
