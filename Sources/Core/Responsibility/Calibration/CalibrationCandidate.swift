/// An arithmetic that might explain marks, with the evidence counted.
///
/// Counts are of connections. Source: `Calibration`.
public struct CalibrationCandidate: Hashable, Sendable {
    /// The arithmetic.
    public var scheme: HashScheme
    /// How many connections it places where their marks say.
    public var agreeing: Int
    /// How many connections have a mark.
    public var total: Int

    /// Whether it explains every connection.
    public var explainsAll: Bool { agreeing == total && total > 0 }

    /// How many would agree by chance alone, one in N.
    public var expectedByChance: Double {
        Double(total) / Double(max(1, scheme.bucketCount))
    }
}
