import CLinux
import Responsibility

/// A search for the seed through one arithmetic after the other, until one explains the marks or Ctrl-C.
struct SeedSearchRun {
    /// How many seeds are tried between two looks at the clock and at Ctrl-C.
    private static let step: UInt64 = 1 << 24

    /// The arithmetics with the seeds that explain every mark.
    private(set) var found: [HashScheme] = []
    /// How many arithmetics were searched to the end.
    private(set) var searched = 0
    /// How many arithmetics no seed can save: equal input has different marks, or a mark exceeds N.
    private(set) var contradicted = 0
    /// The most connections with different input that an arithmetic without enough of them has; nil when there is none.
    private(set) var tooFew: Int?
    /// Whether Ctrl-C ended the search.
    private(set) var isInterrupted = false
    /// How many connections with different input the search needs; nil when marks of one bucket tell nothing.
    let needed: Int?

    private let schemes: [HashScheme]
    private let marks: [MarkedFlow]

    /// A search through these arithmetics, all of one number of buckets.
    init(schemes: [HashScheme], marks: [MarkedFlow]) {
        self.schemes = schemes
        self.marks = marks
        needed = SeedSearch.connectionsNeeded(bucketCount: schemes.first?.bucketCount ?? 0, searches: schemes.count)
    }

    /// Searches; the first arithmetic that explains the marks ends it.
    mutating func search() {
        let searches = admitted()
        var progress = SearchProgress(total: Double(searches.count) * 4_294_967_296)
        defer { progress.clear() }
        clusterip_remember_interrupt()
        for search in searches where found.isEmpty {
            var next: UInt64 = 0
            while next < SeedSearch.allSeeds.upperBound {
                let seeds = search.seeds(in: next..<next + Self.step)
                found += seeds.compactMap { search.scheme.with(seed: $0) }
                next += Self.step
                progress.show(Double(searched) * 4_294_967_296 + Double(next), found: found.count)
                if clusterip_is_interrupted() != 0 { return isInterrupted = true }
            }
            searched += 1
        }
    }

    /// The arithmetics for which there is evidence enough.
    private mutating func admitted() -> [SeedSearch] {
        guard let needed else { return [] }
        var searches: [SeedSearch] = []
        for scheme in schemes {
            guard let search = SeedSearch(scheme: scheme, marks: marks) else { continue }
            if search.isContradicted {
                contradicted += 1
            } else if search.evidence < needed {
                tooFew = max(tooFew ?? 0, search.evidence)
            } else {
                searches.append(search)
            }
        }
        return searches
    }
}
