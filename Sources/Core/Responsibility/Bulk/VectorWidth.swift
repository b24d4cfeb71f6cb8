internal import CVectorHash

/// How many flows are hashed at once.
///
/// Every width gives the same buckets. Source of what is available: `cpuid`, as the compiler's runtime reads it.
public enum VectorWidth: String, CaseIterable, Sendable {
    /// What every processor of the architecture has: SSE2 or NEON, 4 at once.
    case base
    /// AVX2, 8 at once.
    case avx2
    /// AVX-512 F, BW, DQ and VL, 16 at once.
    case avx512

    /// Whether this processor has it.
    public var isAvailable: Bool { clusterip_width_available(width) }

    /// The widest that this processor has.
    public static let best = allCases.last(where: \.isAvailable) ?? .base

    var width: clusterip_width {
        switch self {
        case .base: CLUSTERIP_WIDTH_BASE
        case .avx2: CLUSTERIP_WIDTH_AVX2
        case .avx512: CLUSTERIP_WIDTH_AVX512
        }
    }
}
