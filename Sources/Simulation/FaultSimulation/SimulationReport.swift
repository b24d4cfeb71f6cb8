/// What runs came to; reports of many runs add up.
public struct SimulationReport: Hashable, Sendable, Codable {
    /// Runs.
    public var seeds = 0
    /// Plans that were begun.
    public var begun = 0
    /// Plans that came to their end.
    public var ended = 0
    /// Plans that were carried out whole.
    public var confirmed = 0
    /// Plans that complete another one or take it back.
    public var recovering = 0
    /// Plans by what was requested.
    public var requests: [String: Int] = [:]
    /// Events that happened.
    public var events = 0
    /// Packets of clients that arrived.
    public var packets = 0
    /// Packets of clients that no node answered.
    public var unanswered = 0
    /// Faults by kind.
    public var faults: [String: Int] = [:]
    /// Consoles that died, by the step that they had in hand.
    public var deaths: [String: Int] = [:]
    /// Findings that an operator saw when the faults ended, by code.
    public var findings: [String: Int] = [:]
    /// A fingerprint of everything that was asked of kernels, when, and what became of it; the same for the same seeds.
    ///
    /// Fingerprints of many runs add up, in whatever order they come.
    public var digest: UInt64 = 0
    /// What did not hold.
    public var violations: [Violation] = []

    /// A report of nothing.
    public init() {}

    /// Adds other runs.
    public mutating func add(_ other: Self) {
        seeds += other.seeds
        begun += other.begun
        ended += other.ended
        confirmed += other.confirmed
        recovering += other.recovering
        events += other.events
        packets += other.packets
        unanswered += other.unanswered
        requests.merge(other.requests, uniquingKeysWith: +)
        faults.merge(other.faults, uniquingKeysWith: +)
        deaths.merge(other.deaths, uniquingKeysWith: +)
        findings.merge(other.findings, uniquingKeysWith: +)
        digest &+= other.digest
        violations += other.violations
    }
}

/// What did not hold in a run.
public struct Violation: Hashable, Sendable, Codable {
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
        /// A step was carried out when nobody waited for its answer any more.
        case late
        /// A kernel was changed before the journal said so.
        case unwritten
        /// Long after the faults not every bucket has an owner, or a conflict that others made has no finding.
        case gap
        /// Long after the faults a neighbour still sends what is for the cluster address to one node's own MAC.
        case neighbours
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
