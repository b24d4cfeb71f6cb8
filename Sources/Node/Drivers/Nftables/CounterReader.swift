import CNetfilter
import ClusterModel
import Glibc
import LinuxNode

/// Reads the counters beside the elements of a counting set.
enum CounterReader {
    /// Reads all of a table's counters at once.
    static func read(_ socket: NetlinkSocket, _ table: BucketTable) throws(KernelError) -> CountingRound {
        var round = CountingRound(of: table)
        let reader = RulesetReader(socket: socket)
        while let set = round.set {
            var shape: ElementShape?
            do throws(KernelError) {
                let isInterrupted = try reader.dumpElementsOnce(table: table.name, set: set) { element in
                    ElementShape.read(element, &shape) { round.take($0, $1) }
                }
                round.endSet(isInterrupted: isInterrupted)
            } catch {
                // A table that another program cut short, or made before there was such a set: an alteration says so.
                guard error.number == ENOENT, set == table.layout.asideSet else { throw error }
                round.skipAside()
            }
        }
        return round
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
}

/// Where the key and the counter stand in an element of a set.
///
/// The kernel writes the elements of a set alike, so that the attributes of one tell where those of the next are.
struct ElementShape {
    private let length: Int
    private let places: (key: Int, packets: Int, bytes: Int)
    private let headers: (key: UInt32, packets: UInt32, bytes: UInt32)

    /// Hands over key and counter of an element that has both; its shape is that of the last one, if it fits.
    static func read(_ element: UnsafeRawBufferPointer, _ shape: inout Self?, _ handle: (Int, PacketCount) -> Void) {
        if shape?.fits(element) != true { shape = Self(element) }
        if let shape { handle(shape.key(of: element), shape.count(of: element)) }
    }

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
