/// What marks say about the arithmetic that wrote them.
///
/// Source: `Calibration`; the candidates come with their evidence counted, best first.
public struct CalibrationResult: Hashable, Sendable {
    /// What is found, in the words of the output.
    public enum Verdict: String, Hashable, Sendable, Codable {
        /// One arithmetic explains the marks (several are listed when they place all flows alike): neither chance nor
        /// another arithmetic does so, with the confidence that was asked for.
        case explained
        /// One arithmetic is the likeliest by far, with less confidence than was asked for.
        case probable = "probably"
        /// Several arithmetics that place flows differently explain the marks about as well.
        case ambiguous
        /// None explains the marks better than chance would.
        case none
        /// No connection has a mark.
        case noEvidence = "no_evidence"
    }

    /// What is found.
    public var verdict: Verdict
    /// The arithmetics with most evidence, best first; of `none` the three nearest.
    public var candidates: [CalibrationCandidate] = []
    /// How many arithmetics place flows differently from the best and are not yet ruled out.
    public var rivals = 0
    /// How many candidates were considered: hashes, seeds, numbers of buckets, places in the mark.
    public var considered = 0.0
    /// How many more connections that differ in what is hashed would settle it; nil when nothing tells.
    public var needed: Int?
    /// What the connections look like that the best candidate does not explain.
    public var residue = CalibrationResidue.none
}

/// What the connections look like that an arithmetic does not explain.
///
/// Source: `Calibration`.
public enum CalibrationResidue: String, Hashable, Sendable, Codable {
    /// There are none.
    case none
    /// They have no relation to the hash: other rules wrote their marks.
    case noise
    /// They lie beside the boundaries of buckets: the number of buckets is another one, or a map joins buckets.
    case besideBoundaries = "beside_boundaries"
}

/// An arithmetic that might explain marks, with the evidence counted.
///
/// Counts are of connections. Source: `Calibration`.
public struct CalibrationCandidate: Hashable, Sendable {
    /// The arithmetic.
    public var scheme: HashScheme
    /// Where the bucket stands in the mark.
    public var field: MarkField
    /// How many connections it places where their marks say.
    public var agreeing: Int
    /// How many connections have a mark, without those that do not tell what is hashed of them.
    public var total: Int
    /// How many agree of those that differ in what is hashed.
    public var distinctAgreeing: Int
    /// How many connections differ in what is hashed: each is a piece of evidence of its own.
    public var distinct: Int
    /// How many of all candidates that were considered would have as much evidence by chance alone.
    public var chance: Double

    /// Whether it explains every connection.
    public var explainsAll: Bool { agreeing == total && total > 0 }

    /// How many connections would agree by chance alone, one in N.
    public var agreeingByChance: Double { Double(total) / Double(max(1, scheme.bucketCount)) }
}
