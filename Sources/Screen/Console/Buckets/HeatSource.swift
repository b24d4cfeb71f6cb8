import ClusterModel

/// How fast buckets are and whose they are: now, or at the time that is looked at.
struct HeatSource {
    private let facts: ClusterFacts
    private let coverage: Coverage
    private let past: PastMoment?
    private let isPast: Bool
    private let total: Int

    init(_ console: ConsoleState, _ snapshot: ClusterSnapshot) {
        facts = console.facts
        coverage = snapshot.coverage
        isPast = console.view.cursor != nil
        past = console.view.cursor.flatMap(console.past.moment)
        total = console.totalBuckets
    }

    /// Whether nothing is known of the time that is looked at.
    var isUnknown: Bool { isPast && past == nil }

    /// Packets per second of the busiest of some buckets; nil when it is not known.
    func rate(_ buckets: ClosedRange<Int>) -> Double? {
        if isPast { return past?.look(at: buckets, of: total).rate.rate }
        if buckets.count == 1 { return facts.rate(of: buckets.lowerBound) }
        let last = min(buckets.upperBound, facts.bucketRates.count)
        guard buckets.lowerBound <= last else { return nil }
        return facts.bucketRates[buckets.lowerBound - 1..<last].max()
    }

    /// How hot the busiest of some buckets is, 0…7.
    func heat(_ buckets: ClosedRange<Int>) -> Int { facts.heat(of: rate(buckets) ?? 0) }

    /// Index of the owner of a bucket; nil when it has none, or it is not known.
    func owner(of bucket: Int) -> Int? {
        isPast ? past?.look(at: bucket...bucket, of: total).owner : coverage.owner(of: bucket)
    }
}
