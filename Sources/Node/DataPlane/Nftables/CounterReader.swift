import CNetfilter
import ClusterModel

/// Reads the counters beside the elements of a counting set.
enum CounterReader {
    /// Reads a set's counters into bucket i+1 at index i.
    ///
    /// - Returns: the buckets that the set lacks.
    static func read(
        _ socket: NetlinkSocket, table: String, set: String, into counters: inout [BucketCounters],
        _ part: WritableKeyPath<BucketCounters, PacketCount>
    ) throws(KernelError) -> BucketSet {
        let total = counters.count
        var seen = 0
        var missing = BucketSet()
        var found = [PacketCount?](repeating: nil, count: total)
        let store = { (bucket: Int, element: Attributes) in
            guard (1...total).contains(bucket) else { return }
            if found[bucket - 1] == nil { seen += 1 }
            found[bucket - 1] = count(element)
        }
        try RulesetReader(socket: socket).dumpElements(table: table, set: set, restart: {}, handle: store)
        for index in found.indices {
            if let count = found[index] {
                counters[index][keyPath: part] = count
            } else {
                missing.insert(index + 1)
            }
        }
        return missing
    }

    /// The counter among an element's expressions.
    private static func count(_ element: Attributes) -> PacketCount? {
        let expression = element.nest(NFTA_SET_ELEM_EXPR.rawValue)
        let counter = expression.nest(NFTA_EXPR_DATA.rawValue)
        guard let packets = counter.first(NFTA_COUNTER_PACKETS.rawValue)?.bigEndian(UInt64.self),
            let bytes = counter.first(NFTA_COUNTER_BYTES.rawValue)?.bigEndian(UInt64.self)
        else { return nil }
        return PacketCount(packets: packets, bytes: bytes)
    }
}
