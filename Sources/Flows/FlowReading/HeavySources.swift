import Responsibility

/// Finds the sources that occur most often, by lines or packets, in bounded memory.
///
/// A source's true count is at least `count` and at most `count + slack`; every source that occurs more often than
/// `slack` is there. Source: J. Misra and D. Gries, Finding Repeated Elements (1982), with the counters reduced in batches.
public struct HeavySources: Sendable {
    /// A source with how often it occurred at least, in lines or packets.
    public struct Entry: Hashable, Sendable {
        /// The source address.
        public var source: IPAddress
        /// Its occurrences that were counted; up to `slack` more may be missing.
        public var count: UInt64
    }

    /// How many occurrences of a source can be missing at most; 0 while all sources fit.
    public private(set) var slack: UInt64 = 0
    /// The most sources that are counted at once.
    public static let capacity = 4096

    /// Sources by open addressing: IPv4 addresses as numbers with bit 32 set; of IPv6 addresses a fingerprint.
    private var keys = [UInt64](repeating: 0, count: 2 * Self.capacity)
    private var counts = [UInt64](repeating: 0, count: 2 * Self.capacity)
    private var used = 0
    private var addresses: [UInt64: IPv6Address] = [:]

    /// A count of nothing.
    public init() {}

    /// Takes an IPv4 source, as a number in host order.
    @inline(__always)
    mutating func insert(_ source: UInt32) { count(UInt64(source) | 1 << 32) }

    /// Takes a source of either family.
    mutating func insert(_ source: IPAddress) {
        switch source {
        case .v4(let address): insert(address.number)
        case .v6(let address):
            let key = Fingerprint.mix(address.high, address.low) | 1 << 63
            if isNew(key) { addresses[key] = address }
            count(key)
        }
    }

    /// Takes IPv4 sources, as numbers in host order.
    mutating func insert(_ sources: UnsafeBufferPointer<UInt32>) {
        var rest = sources[...]
        while !rest.isEmpty {
            rest = rest.dropFirst(insertUntilFull(UnsafeBufferPointer(rebasing: rest)))
            if used == Self.capacity { reduce() }
        }
    }

    /// Takes sources until the room is full; returns how many were taken.
    private mutating func insertUntilFull(_ sources: UnsafeBufferPointer<UInt32>) -> Int {
        let mask = keys.count &- 1
        var used = used
        defer { self.used = used }
        return keys.withUnsafeMutableBufferPointer { keys in
            counts.withUnsafeMutableBufferPointer { counts in
                for index in 0..<sources.count {
                    let key = UInt64(sources[index]) | 1 << 32
                    var slot = Self.slot(key, mask)
                    while keys[slot] != key, keys[slot] != 0 { slot = (slot &+ 1) & mask }
                    if keys[slot] == key {
                        counts[slot] &+= 1
                        continue
                    }
                    (keys[slot], counts[slot]) = (key, 1)
                    used &+= 1
                    if used == Self.capacity { return index &+ 1 }
                }
                return sources.count
            }
        }
    }

    /// Where the search for a key begins.
    @inline(__always)
    private static func slot(_ key: UInt64, _ mask: Int) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) >> 40) & mask
    }

    private func isNew(_ key: UInt64) -> Bool {
        let mask = keys.count &- 1
        var slot = Self.slot(key, mask)
        while keys[slot] != key, keys[slot] != 0 { slot = (slot &+ 1) & mask }
        return keys[slot] == 0
    }

    @inline(__always)
    private mutating func count(_ key: UInt64) {
        let mask = keys.count &- 1
        var slot = Self.slot(key, mask)
        while keys[slot] != key {
            if keys[slot] == 0 { return insert(key, at: slot) }
            slot = (slot &+ 1) & mask
        }
        counts[slot] &+= 1
    }

    private mutating func insert(_ key: UInt64, at slot: Int) {
        keys[slot] = key
        counts[slot] = 1
        used += 1
        if used == Self.capacity { reduce() }
    }

    /// Takes the median count from every source and forgets those that come to nothing.
    private mutating func reduce() {
        var sample: [UInt64] = []
        for slot in keys.indices where keys[slot] != 0 && sample.count < 255 { sample.append(counts[slot]) }
        sample.sort()
        let loss = max(1, sample[sample.count / 2])
        slack += loss
        if !addresses.isEmpty {
            for slot in keys.indices where counts[slot] <= loss && keys[slot] >> 63 == 1 { addresses[keys[slot]] = nil }
        }
        used = keys.withUnsafeMutableBufferPointer { keys in
            counts.withUnsafeMutableBufferPointer { Self.reduce(keys, $0, by: loss) }
        }
    }

    /// Takes so much from every count and puts the sources that are left into their slots anew; returns how many.
    private static func reduce(
        _ keys: UnsafeMutableBufferPointer<UInt64>, _ counts: UnsafeMutableBufferPointer<UInt64>, by loss: UInt64
    ) -> Int {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * capacity + 2) { room in
            var kept = 0
            for slot in 0..<keys.count {
                // Written always and counted only when it is kept: which ones are cannot be foreseen.
                room[2 &* kept] = keys[slot]
                room[2 &* kept &+ 1] = counts[slot] &- loss
                kept &+= keys[slot] != 0 && counts[slot] > loss ? 1 : 0
                keys[slot] = 0
            }
            let mask = keys.count &- 1
            for index in 0..<kept {
                var slot = Self.slot(room[2 &* index], mask)
                while keys[slot] != 0 { slot = (slot &+ 1) & mask }
                keys[slot] = room[2 &* index]
                counts[slot] = room[2 &* index &+ 1]
            }
            return kept
        }
    }

    /// The heaviest sources, at most `limit` of them, heaviest first; of equal IPv4 ones the smaller address first.
    public func top(_ limit: Int) -> [Entry] {
        let order = keys.indices.filter { keys[$0] != 0 }.sorted { (counts[$0], keys[$1]) > (counts[$1], keys[$0]) }
        return order.prefix(limit).compactMap { slot in
            if let address = addresses[keys[slot]] { return Entry(source: .v6(address), count: counts[slot]) }
            guard keys[slot] >> 32 == 1 else { return nil }
            let address = IPv4Address(number: UInt32(truncatingIfNeeded: keys[slot]))
            return Entry(source: .v4(address), count: counts[slot])
        }
    }
}
