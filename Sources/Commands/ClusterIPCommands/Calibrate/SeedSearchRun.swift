import CLinux
import Responsibility

/// A search for the seed through one arithmetic after the other, until one explains the marks or Ctrl-C.
///
/// The first round takes arithmetics with which every connection agrees; only when there is none, the second tolerates
/// marks that something else wrote.
struct SeedSearchRun {
    /// How many seeds are tried between two looks at the clock and at Ctrl-C.
    private static let step: UInt64 = 1 << 24
    /// How many connections the second round looks at; a fifth of them may disagree.
    private static let tolerantEvidence = 96

    /// The seeds that explain the marks by some arithmetic.
    private(set) var found: [UInt32] = []
    /// How many arithmetics were searched to the end.
    private(set) var searched = 0
    /// How many arithmetics no seed can save: equal input has different marks, or a mark exceeds N.
    private(set) var contradicted = 0
    /// The most connections with different input that an arithmetic without enough of them has; nil when there is none.
    private(set) var tooFew: Int?
    /// Whether Ctrl-C ended the search.
    private(set) var isInterrupted = false
    /// The numbers of buckets that are considered.
    let totals: ClosedRange<UInt32>
    /// How many connections with different input the search needs; nil when marks of one bucket tell nothing.
    let needed: Int?

    private let schemes: [HashScheme]
    /// The connections with their buckets, counted from 1, in place of their marks.
    private let marks: [MarkedFlow]

    /// A search through these arithmetics, of as many buckets as are known, or as the marks make likely.
    init(schemes: [HashScheme], marks connections: [MarkedFlow], total: UInt32?) {
        let field = MarkField.likely(in: connections)
        marks = connections.compactMap { connection in
            let (value, overflows) = field.value(of: connection.mark).subtractingReportingOverflow(field.first)
            return overflows || value >= 65_536 ? nil : MarkedFlow(flow: connection.flow, mark: value + 1)
        }
        totals = total.map { $0...$0 } ?? Self.likelyTotals(marks.map(\.mark))
        self.schemes = schemes
        needed = SeedSearch.connectionsNeeded(bucketCount: totals.lowerBound, searches: schemes.count)
    }

    /// The numbers of buckets that there may be: as large a mark is seen with all but one chance in a billion.
    private static func likelyTotals(_ marks: [UInt32]) -> ClosedRange<UInt32> {
        let sorted = marks.sorted()
        guard let largest = sorted.last else { return 1...1 }
        // The odd mark of something else is no bucket: of every twenty the largest is not believed.
        let least = max(2, sorted[(sorted.count - 1) - sorted.count / 20])
        var most = Double(max(largest, 2))
        if largest > 4 * least { most = Double(least) }
        var miss = 1.0
        let top = most
        while miss > 1e-9, most < 65_536, most < 4 * top {
            most += 1
            miss = (0..<sorted.count).reduce(1) { product, _ in product * top / most }
        }
        return least...UInt32(most)
    }

    /// Searches; the first arithmetic that explains the marks ends it.
    mutating func search() {
        clusterip_remember_interrupt()
        search(admitted(tolerating: false))
        if found.isEmpty, !isInterrupted { search(admitted(tolerating: true)) }
    }

    private mutating func search(_ searches: [SeedSearch]) {
        var progress = SearchProgress(total: Double(searches.count) * 4_294_967_296)
        defer { progress.clear() }
        for (index, search) in searches.enumerated() where found.isEmpty {
            var next: UInt64 = 0
            while next < SeedSearch.allSeeds.upperBound {
                for seed in search.seeds(in: next..<next + Self.step) where !found.contains(seed) { found.append(seed) }
                next += Self.step
                progress.show(Double(index) * 4_294_967_296 + Double(next), found: found.count)
                if clusterip_is_interrupted() != 0 { return isInterrupted = true }
            }
            searched += 1
        }
    }

    /// The arithmetics for which there is evidence enough that fewer than one in a thousand searches finds a seed by
    /// chance.
    private mutating func admitted(tolerating: Bool) -> [SeedSearch] {
        guard needed != nil else { return [] }
        var searches: [SeedSearch] = []
        for scheme in schemes {
            guard let search = search(scheme, tolerating: tolerating) else { continue }
            if search.isContradicted {
                contradicted += tolerating ? 0 : 1
            } else if search.expectedByChance * Double(schemes.count) > 1e-3 {
                if !tolerating { tooFew = max(tooFew ?? 0, search.evidence) }
            } else {
                searches.append(search)
            }
        }
        return searches
    }

    private func search(_ scheme: HashScheme, tolerating: Bool) -> SeedSearch? {
        guard let exact = SeedSearch(scheme: scheme, marks: marks, totals: totals), tolerating else {
            return SeedSearch(scheme: scheme, marks: marks, totals: totals)
        }
        let most = exact.isContradicted ? Self.tolerantEvidence : min(exact.evidence, Self.tolerantEvidence)
        for tolerated in stride(from: most / 5, to: 0, by: -1) {
            guard
                let search = SeedSearch(
                    scheme: scheme, marks: marks, totals: totals, tolerating: tolerated,
                    evidence: Self.tolerantEvidence)
            else { return nil }
            if search.expectedByChance * Double(schemes.count) <= 1e-3 { return search }
        }
        return nil
    }
}
