/// Finds the arithmetic of a node from its connections and their marks, and says how far chance could have done it.
///
/// ipt_CLUSTERIP, our table and rules of xt_cluster and nftables write the bucket of a new connection into its mark.
/// Kernels differ in jhash and in byte order, and distributions carry changes back, so that only this tells for certain.
/// An arithmetic is a hash, a seed, a number of buckets, and the place of the bucket in the mark (`MarkField`). Each is
/// weighed by its evidence, against chance and against its rivals; marks that other rules wrote may disagree.
///
/// ipt_CLUSTERIP knows IPv4 only. IPv4 and IPv6 are calibrated apart, since other rules write their marks. Source:
/// `clusterip_tg` of ipt_CLUSTERIP.c, `ct->mark = hash`.
public struct Calibration: Sendable {
    /// The largest number of buckets that is considered when none is known.
    public static let maximumTotal: UInt32 = 65_536
    /// The largest number of buckets that counts as usual, and needs less evidence.
    public static let usualTotal: UInt32 = 64

    /// The numbers of buckets that are known to be the right ones; empty for every number.
    public var totals: [UInt32]
    /// The seeds to try.
    public var seeds: [UInt32]
    /// Among how many seeds those were chosen by their marks: 2³² after a search through all, else as many as they are.
    public var seedsConsidered: Double
    /// The largest number of candidates that a result lists.
    public var limit: Int
    /// How often chance may make an arithmetic look explained, among all that are considered.
    public var confidence: Double

    /// A calibration; by default with seed 0, any number of buckets, and a confidence of one in a million.
    public init(
        totals: [UInt32] = [], seeds: [UInt32] = [0], seedsConsidered: Double? = nil, limit: Int = 8,
        confidence: Double = 1e-6
    ) {
        self.totals = totals
        self.seeds = seeds
        self.seedsConsidered = seedsConsidered ?? Double(max(seeds.count, 1))
        self.limit = limit
        self.confidence = confidence
    }

    /// What the connections say; those with mark 0 are left out.
    ///
    /// When all that are left are of IPv6, the arithmetics are `schemesV6`, else `schemes`, with which an IPv6 connection
    /// never agrees, but for xt_cluster.
    public func run(on connections: [MarkedFlow]) -> CalibrationResult {
        let marked = connections.filter { $0.mark != 0 }
        guard !marked.isEmpty else { return CalibrationResult(verdict: .noEvidence) }
        var search = CalibrationSearch(self, marked)
        search.lookAtUsualFields()
        if (search.best?.surplus ?? -1) < confidenceBits { search.lookAtAllFields() }
        search.lookAroundTheBest()
        return CalibrationJudgement(search, confidenceBits: confidenceBits, limit: limit).result
    }

    /// The confidence in bits.
    private var confidenceBits: Double { -Evidence.log2(confidence) }
}

/// An arithmetic with a place of its bucket in the mark, and what speaks for it.
struct WeighedCandidate {
    /// Its hash and seed, an index into the search's arithmetics.
    var kind: Int
    var field: MarkField
    var total: UInt32
    /// How many pieces of evidence agree.
    var agreeing: Int
    /// The evidence in bits less the bits that choosing it among all candidates of its class costs: with b bits chance
    /// makes one of all candidates look so good at most once in 2ᵇ cases.
    var surplus: Double

    /// What makes it another than all others.
    struct Key: Hashable {
        var kind: Int
        var field: MarkField
        var total: UInt32
    }

    var key: Key { Key(kind: kind, field: field, total: total) }
}

/// The candidates with anything that speaks for them.
struct CalibrationSearch {
    let marked: [MarkedFlow]
    /// The arithmetics, each with one seed.
    let kinds: [HashedMarks]
    /// How many candidates were considered.
    private(set) var considered = 0.0
    private(set) var candidates: [WeighedCandidate] = []
    private var known: Set<WeighedCandidate.Key> = []
    private let calibration: Calibration
    /// The marks with how often each occurs.
    let marks: [UInt32: Int]
    private let usualFields: [MarkField]
    private lazy var allFields = MarkField.candidates(marks)
    /// The bits that choosing one candidate costs: of those with a usual field and number of buckets, and of all.
    private let usualCost: Double
    private let unusualCost: Double

    init(_ calibration: Calibration, _ marked: [MarkedFlow]) {
        self.calibration = calibration
        self.marked = marked
        let isV6 = marked.allSatisfy { $0.flow.source.family == .v6 }
        kinds = calibration.seeds.flatMap { seed in
            (isV6
                ? Calibration.schemesV6(bucketCount: 1, seed: seed) : Calibration.schemes(bucketCount: 1, seed: seed))
                .map { HashedMarks($0, marked) }
        }
        marks = marked.reduce(into: [:]) { $0[$1.mark, default: 0] += 1 }
        usualFields = MarkField.usual(marks)
        let hashes =
            Double(max(kinds.count, 1)) / Double(max(calibration.seeds.count, 1)) * calibration.seedsConsidered
        let totals = Double(calibration.totals.isEmpty ? Int(Calibration.usualTotal) : calibration.totals.count)
        // Half of what chance may do is spent on the usual candidates, half on all.
        usualCost = 1 + Evidence.log2(hashes * Double(usualFields.count) * totals)
        unusualCost =
            1 + Evidence.log2(hashes * Double(MarkField.mostCandidates) * Double(Calibration.maximumTotal))
    }

    /// The candidate that most speaks for.
    var best: WeighedCandidate? { candidates.max { $0.surplus < $1.surplus } }

    /// Whether a number of buckets is one of those that are known, or none is known.
    func mayBe(_ total: UInt32) -> Bool { calibration.totals.isEmpty || calibration.totals.contains(total) }

    /// Weighs every arithmetic whose bucket is the mark as it usually is, for the usual numbers of buckets.
    mutating func lookAtUsualFields() {
        considered += Evidence.exp2(usualCost - 1)
        look(at: usualFields, isUsual: true)
    }

    /// Weighs every arithmetic with every field, for all numbers of buckets.
    mutating func lookAtAllFields() {
        considered += Evidence.exp2(unusualCost - 1)
        look(at: allFields, isUsual: false)
    }

    /// Weighs what is like the best candidate but for the field and the number of buckets, and may be meant instead.
    mutating func lookAroundTheBest() {
        guard let best else { return }
        for field in allFields {
            look(at: best.kind, field, isUsual: false, atLeast: best.surplus - 30)
        }
    }

    private mutating func look(at fields: [MarkField], isUsual: Bool) {
        for field in fields {
            let falls = field.fallsByChance(marks)
            for kind in kinds.indices where kinds[kind].mayRise(field, fallsByChance: falls) {
                look(at: kind, field, isUsual: isUsual)
            }
        }
    }

    private mutating func look(at kind: Int, _ field: MarkField, isUsual: Bool, atLeast: Double? = nil) {
        let largest = calibration.totals.max() ?? Calibration.usualTotal
        let totals = 2...(isUsual ? max(2, largest) : Calibration.maximumTotal)
        var most = 0
        for plateau in kinds[kind].plateaus(field, in: totals).reversed() {
            // A smaller number of buckets must agree with more, or it has less evidence.
            guard atLeast != nil || plateau.agreeing > most else { continue }
            most = max(most, plateau.agreeing)
            for total in listed(plateau.totals, isUsual: isUsual, all: atLeast != nil) {
                let candidate = weighed(kind, field, total, plateau.agreeing)
                if candidate.surplus >= atLeast ?? -20 { take(candidate) }
            }
        }
    }

    /// The numbers of a plateau that are looked at: those that are known, or the largest, which has most evidence; around
    /// the best candidate also the smallest, so that it is seen that there are several.
    private func listed(_ range: ClosedRange<UInt32>, isUsual: Bool, all: Bool) -> [UInt32] {
        var totals = calibration.totals.filter(range.contains)
        if totals.isEmpty, calibration.totals.isEmpty || !isUsual { totals = [range.upperBound] }
        if all, calibration.totals.isEmpty, range.count > 1 {
            totals += range.count <= 64 ? Array(range.dropLast()) : [range.lowerBound]
            if range.contains(Calibration.usualTotal) { totals.append(Calibration.usualTotal) }
        }
        return totals
    }

    private func weighed(_ kind: Int, _ field: MarkField, _ total: UInt32, _ agreeing: Int) -> WeighedCandidate {
        let bits = Evidence.bits(agreeing: agreeing, of: kinds[kind].count, chance: 1 / Double(total))
        let isUsual =
            usualFields.contains(field)
            && (calibration.totals.isEmpty ? total <= Calibration.usualTotal : calibration.totals.contains(total))
        return WeighedCandidate(
            kind: kind, field: field, total: total, agreeing: agreeing,
            surplus: bits - (isUsual ? usualCost : unusualCost))
    }

    private mutating func take(_ new: WeighedCandidate) {
        if known.insert(new.key).inserted { candidates.append(new) }
    }
}
