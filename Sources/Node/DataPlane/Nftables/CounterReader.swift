import CNetfilter
import ClusterModel

/// Reads the counters beside the elements of a counting set.
enum CounterReader {
    /// Reads a set's counters: that of bucket i+1 at index i, nil when the set lacks the bucket.
    static func read(
        _ socket: NetlinkSocket, table: String, set: String, total: Int
    ) throws(KernelError) -> [PacketCount?] {
        var found = [PacketCount?](repeating: nil, count: total)
        try RulesetReader(socket: socket).dumpElements(table: table, set: set, restart: {}) { bucket, element in
            if (1...total).contains(bucket) { found[bucket - 1] = count(element) }
        }
        return found
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
