internal import CVectorHash

/// The way into the vector code.
enum Bulk {
    static func run(_ batch: inout clusterip_batch, _ width: VectorWidth) throws(BulkError) {
        guard width.isAvailable else { throw .unavailable(width) }
        guard batch.count > 0 else { return }
        clusterip_place(&batch, width.width)
    }
}

/// Why a batch of flows is not placed.
///
/// Its source is this library; nothing was written when it is thrown.
public enum BulkError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The columns or the room for the buckets have different lengths.
    case lengths
    /// There are more buckets than the type of the results can number.
    case tooManyBuckets(UInt32)
    /// This processor has no vectors of that width.
    case unavailable(VectorWidth)

    /// One sentence that says what is wrong and what would be right.
    public var description: String {
        switch self {
        case .lengths: "the columns of a batch and the room for its buckets must have the same length"
        case .tooManyBuckets(let total):
            "\(total) buckets do not fit into 16 bits; at most 65535 do, take 32-bit results"
        case .unavailable(let width): "this processor has no \(width.rawValue) vectors"
        }
    }
}

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

/// Flows in columns, as the bulk lookups read them; the memory belongs to the caller.
///
/// Numbers in host order, one flow at the same index of each column. It must not be used after its memory is gone.
///
/// Ports of protocols that are hashed without ports must be 0, as those that are read from text have them. Columns that the hash mode does
/// not read may be empty.
public struct FlowColumns {
    /// The source addresses as numbers in host order.
    public var sources: UnsafeBufferPointer<UInt32>
    /// The source ports as numbers in host order.
    public var sourcePorts: UnsafeBufferPointer<UInt16>
    /// The destination ports as numbers in host order.
    public var destinationPorts: UnsafeBufferPointer<UInt16>
    /// The destination addresses as numbers in host order; only nftables expressions read them.
    public var destinations: UnsafeBufferPointer<UInt32>
    /// The protocols' numbers in the IP header; only nftables expressions read them.
    public var transports: UnsafeBufferPointer<UInt8>

    /// Flows from their columns.
    public init(
        sources: UnsafeBufferPointer<UInt32>, sourcePorts: UnsafeBufferPointer<UInt16>,
        destinationPorts: UnsafeBufferPointer<UInt16>,
        destinations: UnsafeBufferPointer<UInt32> = .init(start: nil, count: 0),
        transports: UnsafeBufferPointer<UInt8> = .init(start: nil, count: 0)
    ) {
        self.sources = sources
        self.sourcePorts = sourcePorts
        self.destinationPorts = destinationPorts
        self.destinations = destinations
        self.transports = transports
    }
}
