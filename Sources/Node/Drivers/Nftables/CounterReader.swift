import CNetfilter
import ClusterModel
import LinuxNode

/// Reads the counters beside the elements of a counting set.
enum CounterReader {
    /// Reads a set's counters: that of bucket i+1 at index i, nil when the set lacks the bucket.
    static func read(
        _ socket: NetlinkSocket, _ table: BucketTable, set: String
    ) throws(KernelError) -> [PacketCount?] {
        let keys = table.keys(of: set)
        var found = [PacketCount?](repeating: nil, count: keys.count)
        try RulesetReader(socket: socket).dumpElements(table: table.name, set: set, restart: {}) { key, element in
            if keys.contains(key) { found[key - keys.lowerBound] = count(element) }
        }
        return found
    }

    /// Reads the counters of the buckets that a set has, each once, with the bucket's index.
    static func readPresent(
        _ socket: NetlinkSocket, _ table: BucketTable, set: String, _ handle: (Int, PacketCount) -> Void
    ) throws(KernelError) {
        var found: [Int: PacketCount] = [:]
        let restart = { found = [:] }
        try RulesetReader(socket: socket).dumpElements(table: table.name, set: set, restart: restart) { key, element in
            if (1...table.configuration.bucketCount).contains(key) { found[key - 1] = count(element) }
        }
        for (index, count) in found { handle(index, count) }
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
