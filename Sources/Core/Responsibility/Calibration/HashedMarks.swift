/// The marks of connections beside their hashes by one arithmetic whose number of buckets is not known yet.
///
/// Connections with the same hash are one piece of evidence, since what is hashed of them is the same: a bucket that
/// fits one of them fits all. The mark that most of them have stands for them.
struct HashedMarks {
    /// Connections with one hash.
    struct Group {
        var hash: UInt32
        var mark: UInt32
    }

    /// The arithmetic; its number of buckets does not matter.
    let scheme: HashScheme
    /// The groups, in the order of their hashes.
    private(set) var groups: [Group] = []
    /// How many pieces of evidence there are, connections that the arithmetic cannot place included, which never agree.
    ///
    /// Not counted are those of which nothing is known that it hashes: their marks say nothing of it.
    private(set) var count = 0

    /// The marks of connections by an arithmetic.
    init(_ scheme: HashScheme, _ marked: [MarkedFlow]) {
        self.scheme = scheme
        var pairs: [UInt64] = []
        pairs.reserveCapacity(marked.count)
        var silent = 0
        for connection in marked {
            guard let hash = scheme.hash(of: connection.flow) else {
                silent += scheme.isSilent(on: connection.flow) ? 1 : 0
                continue
            }
            pairs.append(UInt64(hash) << 32 | UInt64(connection.mark))
        }
        pairs.sort()
        count = marked.count - pairs.count - silent
        var (best, run) = (0, 0)
        for (index, pair) in pairs.enumerated() {
            let hash = UInt32(truncatingIfNeeded: pair >> 32)
            run = index > 0 && pairs[index - 1] == pair ? run + 1 : 1
            if let last = groups.last, last.hash == hash {
                guard run > best else { continue }
                groups[groups.count - 1].mark = UInt32(truncatingIfNeeded: pair)
            } else {
                groups.append(Group(hash: hash, mark: UInt32(truncatingIfNeeded: pair)))
            }
            best = run
        }
        count += groups.count
    }

    /// Whether buckets may be a rising function of the hash, as every number of buckets makes them.
    ///
    /// In the order of their hashes the marks then fall only where one is wrong; without a relation they fall for this
    /// share of neighbours.
    func mayRise(_ field: MarkField, fallsByChance: Double) -> Bool {
        var falls = 0
        var before: UInt32 = 0
        for group in groups {
            let value = field.value(of: group.mark)
            if value < before { falls += 1 }
            before = value
        }
        return groups.count < 2 || Double(falls) <= 0.8 * fallsByChance * Double(groups.count - 1)
    }

    /// How many pieces of evidence agree for every number of buckets in a range, as runs of numbers with the same count.
    ///
    /// Bucket b of hash h fits N exactly when b·2³² ≤ h·N < (b+1)·2³², which is a run of numbers.
    func plateaus(_ field: MarkField, in totals: ClosedRange<UInt32>) -> [Plateau] {
        var events: [UInt64] = []
        let end = UInt64(totals.upperBound) + 1
        for group in groups {
            guard let bucket = field.bucket(of: group.mark).map(UInt64.init), bucket < 65_536 else { continue }
            let hash = UInt64(group.hash)
            guard hash > 0 || bucket == 0 else { continue }
            let from = hash == 0 ? 0 : ((bucket << 32) + hash - 1) / hash
            let to = hash == 0 ? end : (((bucket + 1) << 32) + hash - 1) / hash
            let first = max(from, UInt64(totals.lowerBound))
            guard first < min(to, end) else { continue }
            events.append(first << 1 | 1)
            events.append(min(to, end) << 1)
        }
        events.sort()
        var plateaus: [Plateau] = []
        var (agreeing, start) = (0, UInt64(totals.lowerBound))
        for event in events {
            if event >> 1 > start {
                plateaus.append(
                    Plateau(
                        totals: UInt32(truncatingIfNeeded: start)...UInt32(truncatingIfNeeded: event >> 1 - 1),
                        agreeing: agreeing))
                start = event >> 1
            }
            agreeing += event & 1 == 1 ? 1 : -1
        }
        return plateaus
    }

    /// Numbers of buckets with which equally many pieces of evidence agree.
    struct Plateau {
        var totals: ClosedRange<UInt32>
        var agreeing: Int
    }
}
