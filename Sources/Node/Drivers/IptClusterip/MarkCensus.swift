import ClusterModel
import Responsibility

/// Finds now and then, by the marks of a node's connections, how its kernel really places the flows of a cluster address.
struct MarkCensus {
    /// So many connections are looked at.
    static let limit = 2000
    /// Listing connections walks the kernel's whole table: this seldom until there is a proof, in nanoseconds.
    private static let shortInterval: UInt64 = 10_000_000_000
    /// A table of so few connections is listed in a few milliseconds.
    static let few = 4000
    /// And this seldom afterwards: a kernel stays what it is.
    private static let longInterval: UInt64 = 300_000_000_000

    private struct Known {
        var expected: Placement
        var proven: (placement: Placement, proof: MarkProof)?
        var due: UInt64
    }

    private var known: [IPv4Address: Known] = [:]

    /// How the kernel places flows, and what proves it; nil: nothing yet, and the kernel's version must be believed.
    func proven(_ address: IPv4Address, by expected: Placement) -> (placement: Placement, proof: MarkProof)? {
        guard let known = known[address], known.expected == expected else { return nil }
        return known.proven
    }

    /// Looks at the marks of an address, when that is due; the first time at once only where it costs little, since somebody waits
    /// for that sample.
    ///
    /// - Returns: whether another placement is known now than before.
    @discardableResult
    mutating func look(
        at address: IPv4Address, expecting expected: Placement, now: UInt64, isCheap: Bool = false,
        marks: (IPv4Address) -> [MarkedFlow]
    ) -> Bool {
        let former = known[address].flatMap { $0.expected == expected ? $0 : nil }
        guard former != nil || isCheap else {
            self.known[address] = Known(expected: expected, due: now)
            return false
        }
        var known = former ?? Known(expected: expected, due: now)
        guard now >= known.due else { return false }
        let before = known.proven?.placement ?? expected
        if let found = Self.judge(marks(address), expected) { known.proven = found }
        known.due = now &+ (known.proven == nil ? Self.shortInterval : Self.longInterval)
        self.known[address] = known
        return known.proven.map { $0.placement != before } ?? false
    }

    /// The one arithmetic of the rule's mode, N and seed that explains the marks; nil when chance or another one could, too.
    static func judge(_ marks: [MarkedFlow], _ expected: Placement) -> (placement: Placement, proof: MarkProof)? {
        guard expected.bucketCount > 1 else { return nil }
        let result = Calibration(totals: [expected.bucketCount], seeds: [expected.seed]).run(on: marks)
        guard result.verdict == .explained else { return nil }
        let fitting = result.candidates.compactMap { candidate -> (placement: Placement, proof: MarkProof)? in
            guard case .clusterIP(let placement) = candidate.scheme, placement.mode == expected.mode else { return nil }
            return (placement, MarkProof(marks: candidate.distinct, agreeing: candidate.distinctAgreeing))
        }
        // Where the order of bytes makes no difference, the processor's is meant.
        let best = fitting.first { $0.placement.byteOrder == expected.byteOrder } ?? fitting.first
        guard let best, best.proof.agreeing >= fitting[0].proof.agreeing else { return nil }
        return best
    }
}
