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
        try dump(socket, table, set: set, restart: {}) { key, count in
            if keys.contains(key) { found[key - keys.lowerBound] = count }
        }
        return found
    }

    /// Reads the counters of a set into which rules put elements, each key once.
    static func readPresent(
        _ socket: NetlinkSocket, _ table: BucketTable, set: String
    ) throws(KernelError) -> [Int: PacketCount] {
        var found: [Int: PacketCount] = [:]
        try dump(socket, table, set: set, restart: { found = [:] }) { key, count in found[key] = count }
        return found
    }

    /// Reads the neighbours that send to the node's own MAC, with the packets of each.
    static func readMisled(
        _ socket: NetlinkSocket, _ table: BucketTable
    ) throws(KernelError) -> [MACAddress: UInt64] {
        var found: [MACAddress: UInt64] = [:]
        try RulesetReader(socket: socket).dumpElements(
            table: table.name, set: BucketTable.misled, restart: { found = [:] }
        ) { bytes in
            let element = Attributes(bytes)
            let counter = element.nest(NFTA_SET_ELEM_EXPR.rawValue).nest(NFTA_EXPR_DATA.rawValue)
            guard let key = element.nest(NFTA_SET_ELEM_KEY.rawValue).first(NFTA_DATA_VALUE.rawValue), key.count >= 6,
                let packets = counter.first(NFTA_COUNTER_PACKETS.rawValue)?.bigEndian(UInt64.self)
            else { return }
            found[MACAddress(number: key.prefix(6).reduce(0) { $0 << 8 | UInt64($1) })] = packets
        }
        return found
    }

    private static func dump(
        _ socket: NetlinkSocket, _ table: BucketTable, set: String, restart: () -> Void,
        _ handle: (Int, PacketCount) -> Void
    ) throws(KernelError) {
        var shape: ElementShape?
        try RulesetReader(socket: socket).dumpElements(table: table.name, set: set, restart: restart) { element in
            if shape?.fits(element) != true { shape = ElementShape(element) }
            if let shape { handle(shape.key(of: element), shape.count(of: element)) }
        }
    }
}

/// Where the key and the counter stand in an element of a set.
///
/// The kernel writes the elements of a set alike, so that the attributes of one tell where those of the next are.
struct ElementShape {
    private let length: Int
    private let places: (key: Int, packets: Int, bytes: Int)
    private let headers: (key: UInt32, packets: UInt32, bytes: UInt32)

    /// The shape of an element; nil when it lacks the key or a counter.
    init?(_ element: UnsafeRawBufferPointer) {
        let attributes = Attributes(element)
        let counter = attributes.nest(NFTA_SET_ELEM_EXPR.rawValue).nest(NFTA_EXPR_DATA.rawValue)
        guard let key = attributes.nest(NFTA_SET_ELEM_KEY.rawValue).first(NFTA_DATA_VALUE.rawValue), key.count >= 4,
            let packets = counter.first(NFTA_COUNTER_PACKETS.rawValue), packets.count >= 8,
            let bytes = counter.first(NFTA_COUNTER_BYTES.rawValue), bytes.count >= 8, let start = element.baseAddress,
            let keyPlace = key.baseAddress, let packetPlace = packets.baseAddress, let bytePlace = bytes.baseAddress
        else { return nil }
        length = element.count
        places = (keyPlace - start, packetPlace - start, bytePlace - start)
        headers = (
            Self.header(element, places.key), Self.header(element, places.packets), Self.header(element, places.bytes)
        )
    }

    /// Whether another element has the same attributes at the same places.
    func fits(_ element: UnsafeRawBufferPointer) -> Bool {
        element.count == length && Self.header(element, places.key) == headers.key
            && Self.header(element, places.packets) == headers.packets
            && Self.header(element, places.bytes) == headers.bytes
    }

    /// The key, as a number of this machine, of an element that fits.
    func key(of element: UnsafeRawBufferPointer) -> Int {
        Int(element.loadUnaligned(fromByteOffset: places.key, as: UInt32.self))
    }

    /// The counter of an element that fits.
    func count(of element: UnsafeRawBufferPointer) -> PacketCount {
        PacketCount(
            packets: UInt64(bigEndian: element.loadUnaligned(fromByteOffset: places.packets, as: UInt64.self)),
            bytes: UInt64(bigEndian: element.loadUnaligned(fromByteOffset: places.bytes, as: UInt64.self)))
    }

    /// Length and type of the attribute whose payload begins there.
    private static func header(_ element: UnsafeRawBufferPointer, _ place: Int) -> UInt32 {
        element.loadUnaligned(fromByteOffset: place - 4, as: UInt32.self)
    }
}
