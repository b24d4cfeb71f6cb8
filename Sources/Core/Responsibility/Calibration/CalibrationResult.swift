/// What marks say about the arithmetic that wrote them.
///
/// Source: `Calibration`; the candidates come with their evidence counted, best first.
public enum CalibrationResult: Hashable, Sendable {
    /// No connection has a mark.
    case noEvidence
    /// Exactly one arithmetic explains every mark (several, when they place all flows alike).
    case explained([CalibrationCandidate])
    /// Several arithmetics that place flows differently explain every mark: more connections are needed.
    case ambiguous([CalibrationCandidate])
    /// None explains every mark; the best come first.
    case unexplained([CalibrationCandidate])
}
