import Responsibility

/// What a batch or a capture comes to: counts for each bucket, distinct flows, heavy sources; in bounded memory.
///
/// With a second scheme to compare, each distinct flow is placed by both. A flow is distinct by protocol, both addresses
/// and both ports. Source: this library; `DistinctFlows` and `HeavySources` name the methods.
public struct FlowSummary: Sendable {
    /// The most buckets that are counted one by one.
    public static let maximumBuckets: UInt32 = 65_536

    /// How flows are placed.
    public let scheme: HashScheme
    /// The scheme to compare with; nil for none.
    public let other: HashScheme?
    /// Counts by bucket.
    ///
    /// Index 0 is the scheme's first bucket; flows are filled in by `buckets`.
    private var counts: [BucketCount]
    /// The distinct flows.
    public private(set) var distinct = DistinctFlows()
    /// The sources that occur most often, by lines or packets.
    public private(set) var sources = HeavySources()
    /// Why flows could not be placed, with how many lines or packets; at most 16 reasons.
    public private(set) var unplaced: [String: UInt64] = [:]

    /// An empty summary; throws `FlowSummaryError.buckets` when a scheme has more than `maximumBuckets` buckets, or none.
    public init(scheme: HashScheme, comparedWith other: HashScheme? = nil) throws(FlowSummaryError) {
        for scheme in [scheme, other ?? scheme] where !(1...Self.maximumBuckets).contains(scheme.bucketCount) {
            throw .buckets(scheme.bucketCount)
        }
        self.scheme = scheme
        self.other = other
        counts = [BucketCount](repeating: BucketCount(), count: Int(scheme.bucketCount))
    }

    /// Counts by bucket, first bucket first; more than the scheme has when lines brought larger numbers of their own.
    public var buckets: [BucketCount] {
        var buckets = counts
        distinct.forEach { sample in
            let index = Int(sample.bucket) - scheme.firstBucket
            if buckets.indices.contains(index) { buckets[index].flows &+= distinct.scale }
        }
        return buckets
    }

    /// The sum over all buckets; what could not be placed is not in it.
    public var total: BucketCount { buckets.reduce(BucketCount(), +) }

    /// Takes a block of flows: the columns, the lines that say more, and IPv6 flows among the others.
    ///
    /// A flow that the scheme cannot place is counted under `unplaced`; nothing is thrown.
    public mutating func take(_ batch: FlowBatch) {
        var placeable = batch
        for (reason, count) in placeable.removeUnplaceable(by: scheme) { note(reason.description, UInt64(count)) }
        takeColumns(placeable)
        takeOthers(batch)
    }

    /// IPv6 flows, of which ipt_CLUSTERIP places none.
    private mutating func takeOthers(_ batch: FlowBatch) {
        if case .clusterIP = scheme {
            let count = batch.others.count { if case .flow = $0.content { true } else { false } }
            if count > 0 { note(HashSchemeError.onlyIPv4.description, UInt64(count)) }
            return
        }
        for (_, content) in batch.others {
            if case .flow(let record) = content { take(record) }
        }
    }

    private mutating func takeColumns(_ batch: FlowBatch) {
        guard batch.count > 0 else { return }
        guard let placed = scheme.bulkBuckets(of: batch), batch.details.values.allSatisfy({ !$0.hasOwnPlacement })
        else {
            for index in 0..<batch.count {
                take(batch.details[index] ?? FlowRecord(flow: batch[index], format: .plain), batch, index)
            }
            return
        }
        let others = other.map { $0.bulkBuckets(of: batch) ?? $0.singleBuckets(of: batch) }
        count(batch, placed)
        sample(batch, placed, others)
        for (index, record) in batch.details {
            add(record.packets ?? 0, record.bytes ?? 0, to: Int(placed[index]) - scheme.firstBucket)
        }
    }

    /// Records, and the bytes of captured packets.
    private mutating func count(_ batch: FlowBatch, _ placed: [UInt32]) {
        let first = UInt32(truncatingIfNeeded: scheme.firstBucket)
        let isCapture = batch.lengths.count == placed.count
        counts.withUnsafeMutableBufferPointer { counts in
            for index in placed.indices {
                let bucket = Int(placed[index] &- first)
                counts[bucket].records &+= 1
                guard isCapture else { continue }
                counts[bucket].packets &+= 1
                counts[bucket].bytes &+= UInt64(batch.lengths[index])
            }
        }
        guard batch.room.keepsCounts else { return }
        for index in placed.indices where batch.room.packets[index] | batch.room.bytes[index] != 0 {
            add(batch.room.packets[index], batch.room.bytes[index], to: Int(placed[index] &- first))
        }
    }

    /// How many flows are looked for among the distinct ones at once.
    private static let sampled = 256

    private mutating func sample(_ batch: FlowBatch, _ placed: [UInt32], _ others: [UInt32]?) {
        let room = batch.room
        batch.withColumns { columns in
            sources.insert(columns.sources)
            room.destinations.withUnsafeBufferPointer { destinations in
                room.transports.withUnsafeBufferPointer { transports in
                    withUnsafeTemporaryAllocation(of: DistinctFlows.Slot.self, capacity: Self.sampled) { kept in
                        for start in stride(from: 0, to: batch.count, by: Self.sampled) {
                            var count = 0
                            for index in start..<min(start &+ Self.sampled, batch.count) {
                                let fingerprint = Fingerprint.of(
                                    columns.sources[index], columns.sourcePorts[index], destinations[index],
                                    columns.destinationPorts[index], transports[index])
                                kept.initializeElement(
                                    at: count,
                                    to: DistinctFlows.Slot(
                                        fingerprint: fingerprint,
                                        sample: .init(bucket: placed[index], other: others?[index] ?? 0)))
                                count &+= distinct.keeps(fingerprint) ? 1 : 0
                            }
                            distinct.insert(UnsafeBufferPointer(rebasing: kept[..<count]))
                        }
                    }
                }
            }
        }
    }

    /// Takes a single flow with its own placement or family.
    private mutating func take(_ record: FlowRecord, _ batch: FlowBatch? = nil, _ index: Int = 0) {
        do throws(HashSchemeError) {
            let bucket = try scheme.over(record).bucket(of: record.flow)
            let otherBucket = (try? other?.bucket(of: record.flow)) ?? 0
            distinct.insert(
                Fingerprint.of(record.flow), bucket: UInt32(truncatingIfNeeded: bucket),
                other: UInt32(truncatingIfNeeded: otherBucket))
            sources.insert(record.flow.source)
            let place = bucket - scheme.firstBucket
            guard (0..<Int(Self.maximumBuckets)).contains(place) else { return note("more than 65536 buckets") }
            if place >= counts.count {
                counts.append(contentsOf: repeatElement(BucketCount(), count: place + 1 - counts.count))
            }
            counts[place].records &+= 1
            if let batch, index < batch.lengths.count {
                counts[place].packets &+= 1
                counts[place].bytes &+= UInt64(batch.lengths[index])
            }
            add(record.packets ?? 0, record.bytes ?? 0, to: place)
            if let batch, batch.room.keepsCounts {
                add(batch.room.packets[index], batch.room.bytes[index], to: place)
            }
        } catch {
            note(error.description)
        }
    }

    /// Adds what a line counts itself.
    private mutating func add(_ packets: UInt64, _ bytes: UInt64, to place: Int) {
        var extra = BucketCount()
        extra.packets = packets
        extra.bytes = bytes
        counts[place] = counts[place] + extra
    }

    private mutating func note(_ reason: String, _ count: UInt64 = 1) {
        let key = unplaced.count < 16 || unplaced[reason] != nil ? reason : "other reasons"
        unplaced[key, default: 0] += count
    }
}

/// Why flows cannot be summed up.
///
/// Nothing was counted when it is thrown.
public enum FlowSummaryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A scheme of so many buckets.
    case buckets(UInt32)

    /// One sentence that says what is wrong and what would be right.
    public var description: String {
        switch self {
        case .buckets(let total):
            "a summary counts 1 to \(FlowSummary.maximumBuckets) buckets, and the scheme has \(total)"
        }
    }
}

/// What fell into one bucket.
///
/// Sums of packets and of bytes stop at the largest number instead of overflowing. Source: this library.
public struct BucketCount: Hashable, Sendable {
    /// Lines of a batch, or packets of a capture.
    public var records: UInt64 = 0
    /// Packets: those of a capture, or those that the lines count themselves.
    public var packets: UInt64 = 0
    /// Bytes of IP packets, headers included, without link-layer headers.
    public var bytes: UInt64 = 0
    /// Distinct flows; an estimate when the summary's `distinct` is not exact.
    public var flows: UInt64 = 0

    /// Nothing counted: all numbers 0.
    public init() {}

    /// The sum of two; packets and bytes stop at 2⁶⁴ − 1.
    public static func + (left: Self, right: Self) -> Self {
        var sum = left
        sum.records &+= right.records
        sum.packets =
            left.packets.addingReportingOverflow(right.packets).overflow ? .max : left.packets &+ right.packets
        sum.bytes = left.bytes.addingReportingOverflow(right.bytes).overflow ? .max : left.bytes &+ right.bytes
        sum.flows &+= right.flows
        return sum
    }
}
