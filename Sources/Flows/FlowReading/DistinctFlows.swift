internal import CFlowLines
import Responsibility

/// Counts distinct flows in bounded memory: exactly while they fit, and honestly estimated beyond.
///
/// Of each flow a 64-bit fingerprint is kept, with two buckets beside it. When the room is full, only fingerprints
/// with one more zero bit stay: a random half of the flows. The kept ones stand for `scale` flows each, so that flows
/// per bucket, and flows per pair of buckets, come from one sample (Wegman's adaptive sampling). The memory is 4 MiB.
/// Source: P. Flajolet, On Adaptive Sampling, Computing 43 (1990).
public struct DistinctFlows: Sendable {
    /// A kept flow: the buckets it was placed in, as its schemes number them.
    public struct Sample: Hashable, Sendable {
        /// Its bucket, from the scheme's first one on (1, or an nft rule's offset).
        public var bucket: UInt32
        /// Its bucket in the scheme that is compared with; 0 without one.
        public var other: UInt32
    }

    /// The most flows that are kept: up to so many the counts are exact.
    public static let capacity = 131_072

    /// How many flows one kept flow stands for: 1 while the count is exact, else a power of two.
    public private(set) var scale: UInt64 = 1
    /// How many flows are kept.
    public private(set) var kept = 0

    /// A kept flow by its fingerprint, or 0 for a free place: 16 bytes, so that a look at one costs one cache line.
    struct Slot {
        var fingerprint: UInt64
        var sample: Sample
    }

    private static let free = Slot(fingerprint: 0, sample: Sample(bucket: 0, other: 0))
    private var slots = [Slot](repeating: Self.free, count: 2 * Self.capacity)

    /// A count of nothing.
    public init() {}

    /// Whether the count is exact, but for two flows of the same 64-bit fingerprint.
    public var isExact: Bool { scale == 1 }

    /// How many distinct flows there were; an estimate unless `isExact`.
    public var count: UInt64 { UInt64(kept) &* scale }

    /// The variance of an estimate of `count` flows, in flows squared: 0 when exact; its root is the standard error.
    public func variance(of count: UInt64) -> Double { Double(count) * Double(scale - 1) }

    /// Whether a flow of this fingerprint is kept, as far as `scale` decides that.
    @inline(__always)
    func keeps(_ fingerprint: UInt64) -> Bool { fingerprint & (scale &- 1) == 0 }

    /// Takes a flow by its fingerprint, which must be well mixed.
    mutating func insert(_ fingerprint: UInt64, bucket: UInt32, other: UInt32) {
        let slot = Slot(fingerprint: fingerprint, sample: Sample(bucket: bucket, other: other))
        withUnsafePointer(to: slot) { insert(UnsafeBufferPointer(start: $0, count: 1)) }
    }

    /// Takes flows by their fingerprints.
    ///
    /// The table is larger than the caches that are near, so all its lines are asked for before the first is needed.
    mutating func insert(_ flows: UnsafeBufferPointer<Slot>) {
        slots.withUnsafeBufferPointer { slots in
            guard let base = slots.baseAddress else { return }
            for flow in flows { clusterip_prefetch(base + Self.home(of: flow.fingerprint)) }
        }
        var rest = flows[...]
        while !rest.isEmpty {
            rest = rest.dropFirst(insertUntilFull(UnsafeBufferPointer(rebasing: rest)))
            if kept == Self.capacity { halve() }
        }
    }

    /// Takes flows until the room is full; returns how many were taken.
    private mutating func insertUntilFull(_ flows: UnsafeBufferPointer<Slot>) -> Int {
        let (room, isLast) = (Self.capacity &- kept, scale &- 1)
        let (taken, added) = slots.withUnsafeMutableBufferPointer { slots in
            var added = 0
            for index in 0..<flows.count where flows[index].fingerprint & isLast == 0 {
                added &+= Self.put(flows[index], slots) ? 1 : 0
                if added == room { return (index &+ 1, added) }
            }
            return (flows.count, added)
        }
        kept &+= added
        return taken
    }

    /// Puts a flow where it belongs; false when it is there already.
    @inline(__always)
    private static func put(_ flow: Slot, _ slots: UnsafeMutableBufferPointer<Slot>) -> Bool {
        let fingerprint = flow.fingerprint == 0 ? 1 << 63 : flow.fingerprint
        var place = home(of: fingerprint)
        while slots[place].fingerprint != 0 {
            if slots[place].fingerprint == fingerprint { return false }
            place = (place &+ 1) & mask
        }
        slots[place] = Slot(fingerprint: fingerprint, sample: flow.sample)
        return true
    }

    private static let mask = 2 * capacity - 1

    /// Where the search for a fingerprint begins.
    @inline(__always)
    private static func home(of fingerprint: UInt64) -> Int { Int(truncatingIfNeeded: fingerprint >> 40) & mask }

    /// Keeps every second flow.
    ///
    /// From a free slot on, each flow is taken out and put back if it stays: before it there are only flows that were.
    private mutating func halve() {
        scale &*= 2
        let isLast = scale &- 1
        kept = slots.withUnsafeMutableBufferPointer { slots in
            var kept = 0
            let start = slots.firstIndex { $0.fingerprint == 0 } ?? 0
            for step in 0..<slots.count {
                let flow = slots[(start &+ step) & Self.mask]
                guard flow.fingerprint != 0 else { continue }
                slots[(start &+ step) & Self.mask] = Self.free
                if flow.fingerprint & isLast == 0, Self.put(flow, slots) { kept &+= 1 }
            }
            return kept
        }
    }

    /// Calls `body` with each kept flow, which stands for `scale` flows, in no particular order.
    public func forEach(_ body: (Sample) -> Void) {
        for slot in slots where slot.fingerprint != 0 { body(slot.sample) }
    }
}

/// Well mixed 64-bit fingerprints of flows, for counting distinct ones; not for anything that must resist an attacker.
enum Fingerprint {
    /// Of an IPv4 flow by its columns.
    @inline(__always)
    static func of(
        _ source: UInt32, _ sourcePort: UInt16, _ destination: UInt32, _ destinationPort: UInt16, _ transport: UInt8
    ) -> UInt64 {
        let addresses = UInt64(source) << 32 | UInt64(destination)
        let rest = UInt64(sourcePort) << 32 | UInt64(destinationPort) << 16 | UInt64(transport)
        return mix(addresses, rest)
    }

    /// Of a flow of either family.
    static func of(_ flow: Flow) -> UInt64 {
        if case .v4(let source) = flow.source, case .v4(let destination) = flow.destination {
            return of(
                source.number, flow.sourcePort, destination.number, flow.destinationPort, flow.transport.rawValue)
        }
        let ports = UInt64(flow.sourcePort) << 32 | UInt64(flow.destinationPort) << 16
        return mix(mix(half(flow.source), half(flow.destination)), ports | UInt64(flow.transport.rawValue))
    }

    /// Two words stirred into one: a wide multiplication folded, twice.
    @inline(__always)
    static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
        fold(fold(left ^ 0x2d35_8dcc_aa6c_78a5, right ^ 0x8bb8_4b93_962e_acc9), 0x4b33_a62e_d433_d4a3)
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    private static func half(_ address: IPAddress) -> UInt64 {
        switch address {
        case .v4(let address): UInt64(address.number)
        case .v6(let address): mix(address.high, address.low)
        }
    }
}
