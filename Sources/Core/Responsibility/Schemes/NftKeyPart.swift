/// A part of the key that nftables hashes: a field of the packet, or bytes of its headers, and what is done to its bits.
///
/// Source: nft(8), "payload expressions" and "bitwise operations"; net/netfilter/nft_bitwise.c.
public struct NftKeyPart: Hashable, Sendable {
    /// Where the bits come from.
    public enum Source: Hashable, Sendable {
        /// A field with a name.
        case field(NftKeyField)
        /// Bytes of a header: `@nh,96,32`.
        case bytes(NftHeader, offset: Int, count: Int)
    }

    /// What is done to the bits of a part; numbers are those of the wire, its first byte uppermost.
    public enum Operation: Hashable, Sendable {
        /// `& MASK`.
        case and(UInt128)
        /// `^ NUMBER`.
        case exclusiveOr(UInt128)
        /// `| NUMBER`.
        case or(UInt128)
        /// `<< COUNT`.
        case left(UInt32)
        /// `>> COUNT`.
        case right(UInt32)
    }

    /// Where the bits come from.
    public let source: Source
    /// What is done to them, in order.
    public let operations: [Operation]

    /// A part from its parts.
    public init(_ source: Source, _ operations: [Operation] = []) {
        self.source = source
        self.operations = operations
    }

    /// Whether bits are shifted; the kernel then hashes them in the byte order of its processor.
    var shifts: Bool {
        operations.contains {
            switch $0 {
            case .left, .right: true
            default: false
            }
        }
    }

    /// What stands in the kernel's register, from its first byte on, and how many of these bytes are the part's own.
    ///
    /// Throws as `NftKeyField.bytes(in:original:)`.
    func register(of flow: Flow, original: Flow, byteOrder: ByteOrder) throws(NftHashError) -> (
        bytes: [UInt8], length: Int
    ) {
        let bytes: [UInt8]
        switch source {
        case .field(let field): bytes = try field.bytes(in: flow, original: original)
        case .bytes(let header, let offset, let count):
            bytes = try header.bytes(in: flow, offset: offset, count: count)
        }
        guard !operations.isEmpty else { return (bytes, bytes.count) }
        let number = bytes.reduce(UInt128(0)) { ($0 << 8) | UInt128($1) }
        guard !shifts else { return (shifted(number, bytes.count, byteOrder), bytes.count) }
        let (kept, flipped) = masks(of: bytes.count)
        let result = number & kept ^ flipped
        return (bytes.indices.map { UInt8(truncatingIfNeeded: result >> (8 * (bytes.count - 1 - $0))) }, bytes.count)
    }

    /// The bits that stay, and those that are turned over then; without shifts that is all that operations do.
    func masks(of count: Int) -> (kept: UInt128, flipped: UInt128) {
        let all = UInt128.max >> (128 - 8 * min(count, 16))
        var (kept, flipped) = (all, UInt128(0))
        for operation in operations {
            switch operation {
            case .and(let mask): (kept, flipped) = (kept & mask, flipped & mask)
            case .exclusiveOr(let number): flipped ^= number
            case .or(let number): (kept, flipped) = (kept & ~number, flipped & ~number | number)
            case .left, .right: break
            }
        }
        return (kept & all, flipped & all)
    }

    /// The four bytes of a register of 32 bits behind operations with shifts among them; a bitwise one clears what is
    /// beyond the part.
    private func shifted(_ number: UInt128, _ count: Int, _ byteOrder: ByteOrder) -> [UInt8] {
        // On a big-endian processor a short number stands at the upper end.
        let place = byteOrder == .little ? 0 : 32 - 8 * min(count, 4)
        let own = (UInt128.max >> (128 - 8 * min(count, 4))) << place
        var word = number << place
        for operation in operations {
            switch operation {
            case .and(let mask): word &= (mask << place) & own
            case .exclusiveOr(let number): word = (word ^ (number << place)) & own
            case .or(let number): word = (word | (number << place)) & own
            case .left(let count): word = count < 32 ? (word << count) & 0xffff_ffff : 0
            case .right(let count): word = count < 32 ? word >> count : 0
            }
        }
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
        return byteOrder == .little ? bytes : bytes.reversed()
    }
}

extension NftKeyPart: CustomStringConvertible {
    /// The part in nft's own words: `ip saddr & 255.255.255.0`.
    ///
    /// In parentheses stand those operations that nft would else read in another order.
    public var description: String {
        var (text, last) = (name, Int.max)
        for operation in operations {
            if operation.binding > last { text = "(" + text + ")" }
            text += " \(operation.symbol) \(operand(operation))"
            last = operation.binding
        }
        return text
    }

    /// The source alone: `ip saddr`, `@nh,96,32`.
    public var name: String {
        switch source {
        case .field(let field): field.rawValue
        case .bytes(let header, let offset, let count): "@\(header.rawValue),\(8 * offset),\(8 * count)"
        }
    }

    private func operand(_ operation: Operation) -> String {
        switch operation {
        case .left(let count), .right(let count): return String(count)
        case .and(let number), .exclusiveOr(let number), .or(let number):
            guard case .field(let field) = source else { return "0x" + String(number, radix: 16) }
            switch field.length {
            case 4: return "\(IPv4Address(number: UInt32(truncatingIfNeeded: number)))"
            case 16:
                return
                    "\(IPv6Address(high: UInt64(truncatingIfNeeded: number >> 64), low: UInt64(truncatingIfNeeded: number)))"
            default: return String(number)
            }
        }
    }
}

extension NftKeyPart.Operation {
    /// How tightly nft binds it.
    var binding: Int {
        switch self {
        case .left, .right: 4
        case .and: 3
        case .exclusiveOr: 2
        case .or: 1
        }
    }

    /// Its symbol.
    var symbol: String {
        switch self {
        case .and: "&"
        case .exclusiveOr: "^"
        case .or: "|"
        case .left: "<<"
        case .right: ">>"
        }
    }
}

/// A header whose bytes nftables loads by their place.
///
/// Source: nft(8), "raw payload expression".
public enum NftHeader: String, CaseIterable, Sendable {
    /// That of IPv4 or IPv6.
    case network = "nh"
    /// That of the transport protocol.
    case transport = "th"

    /// Some bytes of it in a packet of a flow; throws when a flow does not tell them.
    func bytes(in flow: Flow, offset: Int, count: Int) throws(NftHashError) -> [UInt8] {
        let known = known(in: flow)
        let bytes = (offset..<offset + count).compactMap { known[$0] }
        guard bytes.count == count else { throw .notInFlow("@\(rawValue),\(8 * offset),\(8 * count)") }
        return bytes
    }

    /// The bytes that a flow tells, by their place.
    private func known(in flow: Flow) -> [Int: UInt8] {
        var known: [Int: UInt8] = [:]
        func put(_ bytes: [UInt8], at place: Int) {
            for (index, byte) in bytes.enumerated() { known[place + index] = byte }
        }
        switch (self, flow.source, flow.destination) {
        case (.network, .v4(let source), .v4(let destination)):
            known[9] = flow.transport.rawValue
            for (place, address) in [(12, source), (16, destination)] {
                put((0..<4).map { UInt8(truncatingIfNeeded: address.number >> (24 - 8 * $0)) }, at: place)
            }
        case (.network, .v6(let source), .v6(let destination)):
            known[6] = flow.nextHeader ?? flow.transport.rawValue
            put(source.bytes, at: 8)
            put(destination.bytes, at: 24)
        case (.transport, _, _) where flow.transport.portsOffset == 0:
            for (place, port) in [(0, flow.sourcePort), (2, flow.destinationPort)] {
                put([UInt8(port >> 8), UInt8(truncatingIfNeeded: port)], at: place)
            }
        default: break
        }
        return known
    }
}
