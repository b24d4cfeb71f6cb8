/// Weighs the best candidate against chance and against its rivals.
struct CalibrationJudgement {
    /// The bits with which something is probable: chance or a rival has at most one case in a hundred.
    private static let probable = 6.65
    /// The least share of the connections that an arithmetic must place where their marks say, to be explained.
    private static let leastShare = 0.75
    /// How many flows are made up to see whether two candidates differ.
    private static let sampled = 128

    private let search: CalibrationSearch
    private let confidenceBits: Double
    private let limit: Int
    /// The hashes of the made up flows by each arithmetic that a candidate near the best has.
    private let sample: [Int: [UInt32]]
    /// The candidates, best first.
    private let sorted: [WeighedCandidate]

    init(_ search: CalibrationSearch, confidenceBits: Double, limit: Int) {
        self.search = search
        self.confidenceBits = confidenceBits
        self.limit = limit
        sorted = search.candidates.sorted { $0.surplus > $1.surplus }
        let flows = Self.flows(like: search.marked)
        var sample: [Int: [UInt32]] = [:]
        for candidate in sorted.prefix(while: { [sorted] in $0.surplus > sorted[0].surplus - confidenceBits }) {
            let scheme = search.kinds[candidate.kind].scheme
            if sample[candidate.kind] == nil { sample[candidate.kind] = flows.map { scheme.hash(of: $0) ?? 0 } }
        }
        self.sample = sample
    }

    var result: CalibrationResult {
        var result = CalibrationResult(verdict: .none)
        result.considered = search.considered
        guard let best = sorted.first else { return result }
        let near = sorted.dropFirst().prefix { $0.surplus > best.surplus - confidenceBits }
            .filter { search.mayBe($0.total) }
        let rivals = near.filter { difference(best, $0) > 0 }
        let margin = best.surplus - (rivals.first?.surplus ?? -.infinity)
        result.residue = residue(of: best)
        result.verdict = verdict(best, margin, result.residue)
        result.needed = needed(best, rivals.first)
        let listed =
            switch result.verdict {
            case .none, .noEvidence: sorted.prefix(3)
            case .ambiguous: ([best] + rivals.filter { $0.surplus > best.surplus - Self.probable }).prefix(limit)
            case .explained, .probable: ([best] + near.filter { isTheSame(best, $0) }).prefix(limit)
            }
        result.candidates = listed.map(described)
        result.rivals = rivals.count
        return result
    }

    private func verdict(
        _ best: WeighedCandidate, _ margin: Double, _ residue: CalibrationResidue
    ) -> CalibrationResult.Verdict {
        guard best.surplus >= Self.probable else { return .none }
        guard margin >= Self.probable else { return .ambiguous }
        let count = search.kinds[best.kind].count
        let isClear = Double(best.agreeing) >= Self.leastShare * Double(count) && residue != .besideBoundaries
        return best.surplus >= confidenceBits && margin >= confidenceBits && isClear ? .explained : .probable
    }

    // MARK: What disagrees

    /// Whether the connections that disagree look like noise.
    ///
    /// Another number of buckets, or buckets that a map joins, misplaces those whose hashes are beside a boundary, by one
    /// bucket across it. Noise seldom does.
    private func residue(of candidate: WeighedCandidate) -> CalibrationResidue {
        let hashed = search.kinds[candidate.kind]
        var (wrong, beside) = (hashed.count - hashed.groups.count, 0)
        var places: [Place] = []
        for group in hashed.groups {
            let product = UInt64(group.hash) * UInt64(candidate.total)
            let (bucket, rest) = (Int64(product >> 32), product & 0xffff_ffff)
            let said = candidate.field.bucket(of: group.mark).map(Int64.init)
            places.append(Place(bucket: bucket, said: said))
            guard said != bucket else { continue }
            wrong += 1
            if said == bucket + (rest < 1 << 31 ? -1 : 1) { beside += 1 }
        }
        guard wrong > 0 else { return .none }
        let chance = candidate.total > 2 ? 1 / Double(candidate.total - 1) : 0.5
        let bits = Evidence.bits(agreeing: beside, of: wrong, chance: chance)
        return bits > Self.probable || movedBoundaries(candidate, hashed.count, places) > Self.probable
            ? .besideBoundaries : .noise
    }

    /// A connection's bucket, and what its mark says.
    private struct Place {
        var bucket: Int64
        var said: Int64?
    }

    /// How many bits of evidence it would gain to let boundaries between buckets lie elsewhere, as a map's do, less what
    /// it costs to say which and where.
    private func movedBoundaries(_ candidate: WeighedCandidate, _ count: Int, _ places: [Place]) -> Double {
        var gains: [Int64: Int] = [:]
        var start = 0
        while start < places.count {
            let bucket = places[start].bucket
            let end = places[start...].firstIndex { $0.bucket != bucket } ?? places.count
            let run = places[start..<end]
            gains[bucket, default: 0] = max(gains[bucket] ?? 0, Self.gain(run, of: bucket, to: bucket - 1))
            gains[bucket + 1, default: 0] = max(
                gains[bucket + 1] ?? 0, Self.gain(run.reversed(), of: bucket, to: bucket + 1))
            start = end
        }
        let chance = 1 / Double(candidate.total)
        let before = Evidence.bits(agreeing: candidate.agreeing, of: count, chance: chance)
        var (agreeing, cost, most) = (candidate.agreeing, 0.0, 0.0)
        for gain in gains.values.sorted(by: >).prefix(while: { $0 > 0 }) {
            agreeing = min(agreeing + gain, count)
            cost += Evidence.log2(Double(count))
            most = max(most, Evidence.bits(agreeing: agreeing, of: count, chance: chance) - before - cost)
        }
        return most
    }

    /// How many more agree when the nearest of a bucket belong to its neighbour.
    private static func gain(_ places: some Sequence<Place>, of bucket: Int64, to neighbour: Int64) -> Int {
        var (sum, most) = (0, 0)
        for place in places {
            if place.said == neighbour { sum += 1 } else if place.said == bucket { sum -= 1 }
            most = max(most, sum)
        }
        return most
    }

    // MARK: Rivals

    /// The share of all flows whose marks two candidates write differently, in the bits that both are about.
    private func difference(_ left: WeighedCandidate, _ right: WeighedCandidate) -> Double {
        let common = left.field.mask & right.field.mask
        guard let first = sample[left.kind], let second = sample[right.kind] else { return 1 }
        var differing = 0
        for index in first.indices where (mark(left, first[index]) ^ mark(right, second[index])) & common != 0 {
            differing += 1
        }
        return Double(differing) / Double(Self.sampled)
    }

    /// Whether two candidates mean the same buckets in the same place.
    private func isTheSame(_ left: WeighedCandidate, _ right: WeighedCandidate) -> Bool {
        left.field == right.field && left.total == right.total && difference(left, right) == 0
    }

    private func mark(_ candidate: WeighedCandidate, _ hash: UInt32) -> UInt32 {
        candidate.field.mark(
            ofBucket: UInt32(truncatingIfNeeded: (UInt64(hash) * UInt64(candidate.total)) >> 32))
    }

    /// Flows of many protocols and ports, always the same ones.
    private static func flows(like marked: [MarkedFlow]) -> [Flow] {
        let isV6 = marked.contains { $0.flow.source.family == .v6 }
        var state: UInt64 = 1
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state ^ state >> 29) &* 0xbf58_476d_1ce4_e5b9
        }
        return (0..<sampled).map { index in
            let transport: TransportProtocol = [.tcp, .udp, .sctp, .tcp][index % 4]
            let source: IPAddress =
                isV6
                ? .v6(IPv6Address(high: next(), low: next()))
                : .v4(IPv4Address(number: UInt32(truncatingIfNeeded: next() >> 32)))
            let destination: IPAddress =
                isV6
                ? .v6(IPv6Address(high: next(), low: next()))
                : .v4(IPv4Address(number: UInt32(truncatingIfNeeded: next() >> 32)))
            return Flow(
                transport: transport, source: source, sourcePort: UInt16(truncatingIfNeeded: next() >> 32),
                destination: destination, destinationPort: UInt16(truncatingIfNeeded: next() >> 32))
        }
    }

    // MARK: What would settle it

    /// How many more connections that differ in what is hashed would settle it; 0 when it is settled, nil when nothing
    /// tells.
    private func needed(_ best: WeighedCandidate, _ rival: WeighedCandidate?) -> Int? {
        let hashed = search.kinds[best.kind]
        guard best.surplus > -20, best.agreeing > 0 else { return nil }
        let bits = Evidence.bits(agreeing: best.agreeing, of: hashed.count, chance: 1 / Double(best.total))
        guard bits > 0 else { return nil }
        var needed = max(0, (confidenceBits - best.surplus) / (bits / Double(hashed.count)))
        if let rival {
            let open = confidenceBits - (best.surplus - rival.surplus)
            let each = difference(best, rival) * (Evidence.log2(Double(best.total)) + 3)
            if open > 0 { needed = max(needed, open / each) }
        }
        return Int(min(needed.rounded(.up), 1e9))
    }

    // MARK: The result

    private func described(_ candidate: WeighedCandidate) -> CalibrationCandidate {
        let hashed = search.kinds[candidate.kind]
        let marked = search.marked.filter { !hashed.scheme.isSilent(on: $0.flow) }
        let agreeing = marked.count { connection in
            guard let hash = hashed.scheme.hash(of: connection.flow) else { return false }
            let bucket = UInt32(truncatingIfNeeded: (UInt64(hash) * UInt64(candidate.total)) >> 32)
            return candidate.field.bucket(of: connection.mark) == bucket
        }
        return CalibrationCandidate(
            scheme: hashed.scheme.with(candidate.total).possible(for: search.marked[0].flow.source.family),
            field: candidate.field.holding(candidate.total, search.marks) ?? candidate.field, agreeing: agreeing,
            total: marked.count, distinctAgreeing: candidate.agreeing, distinct: hashed.count,
            chance: Evidence.exp2(-candidate.surplus))
    }
}
