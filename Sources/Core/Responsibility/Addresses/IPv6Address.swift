/// An IPv6 address.
///
/// Source: RFC 4291; the text written is that of RFC 5952. Zones ("%eth0") are no part of it.
public struct IPv6Address: Hashable, Sendable {
    /// The first 64 bits as a number in host byte order: 2001:db8::1 has 0x20010db800000000.
    public var high: UInt64
    /// The last 64 bits as a number in host byte order.
    public var low: UInt64

    /// The address with these halves, each in host byte order.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The four 32-bit words in order, each as a number in host byte order.
    public var words: [UInt32] {
        [high >> 32, high, low >> 32, low].map { UInt32(truncatingIfNeeded: $0) }
    }

    /// The 16 bytes in wire order.
    public var bytes: [UInt8] {
        words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) } }
    }
}

extension IPv6Address: LosslessStringConvertible {
    /// Reads the forms of RFC 4291, section 2.2: eight groups, "::" once, a dotted quad at the end; nil for anything
    /// else, a zone ("%eth0") included.
    public init?(_ description: String) {
        var text = description
        guard let address = text.withUTF8({ Self(utf8: UnsafeRawBufferPointer($0)) }) else { return nil }
        self = address
    }

    /// Reads the same over bytes; nil for anything else.
    public init?(utf8 bytes: UnsafeRawBufferPointer) {
        guard let address = IPv6Text.parse(bytes) else { return nil }
        self = address
    }

    /// The address in the form of RFC 5952: lower case, the longest run of zero groups shortened.
    public var description: String { IPv6Text.format(self) }
}

extension IPv6Address: Comparable {
    /// Orders addresses by their number.
    public static func < (left: Self, right: Self) -> Bool { (left.high, left.low) < (right.high, right.low) }
}

extension IPv6Address: TextCodable {}

/// IPv6 addresses as text.
enum IPv6Text {
    /// Reads an address over bytes; nil for anything that is not exactly one.
    static func parse(_ bytes: UnsafeRawBufferPointer) -> IPv6Address? {
        var groups: [UInt16] = []
        var gap: Int?
        var rest = bytes[...]
        if rest.starts(with: [UInt8(ascii: ":"), UInt8(ascii: ":")]) {
            gap = 0
            rest = rest.dropFirst(2)
        }
        while !rest.isEmpty {
            guard groups.count < 8 else { return nil }
            let group = rest.prefix { $0 != UInt8(ascii: ":") }
            if group.contains(UInt8(ascii: ".")) {
                guard group.endIndex == rest.endIndex, let quad = dottedQuad(group) else { return nil }
                groups += [UInt16(quad.number >> 16), UInt16(truncatingIfNeeded: quad.number)]
                break
            }
            guard let value = hexGroup(group) else { return nil }
            groups.append(value)
            rest = rest[group.endIndex...]
            guard rest.popFirst() != nil else { break }
            if rest.first == UInt8(ascii: ":") {
                guard gap == nil else { return nil }
                gap = groups.count
                rest = rest.dropFirst()
            } else if rest.isEmpty {
                return nil
            }
        }
        return address(groups, gap: gap)
    }

    /// The text of an address as RFC 5952 wants it.
    static func format(_ address: IPv6Address) -> String {
        let groups = address.words.flatMap { [UInt16($0 >> 16), UInt16(truncatingIfNeeded: $0)] }
        let mapped = address.high == 0 && address.low >> 32 == 0xffff
        if mapped { return "::ffff:\(IPv4Address(number: UInt32(truncatingIfNeeded: address.low)))" }
        guard let gap = longestZeroRun(groups) else { return hex(groups[...]) }
        return hex(groups[..<gap.lowerBound]) + "::" + hex(groups[gap.upperBound...])
    }

    private static func address(_ groups: [UInt16], gap: Int?) -> IPv6Address? {
        var all = groups
        if let gap {
            guard groups.count < 8 else { return nil }
            all.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: gap)
        }
        guard all.count == 8 else { return nil }
        let halves = [all[..<4], all[4...]].map { $0.reduce(UInt64(0)) { $0 << 16 | UInt64($1) } }
        return IPv6Address(high: halves[0], low: halves[1])
    }

    private static func hexGroup(_ bytes: Slice<UnsafeRawBufferPointer>) -> UInt16? {
        guard (1...4).contains(bytes.count) else { return nil }
        var value: UInt16 = 0
        for byte in bytes {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: return nil
            }
            value = value << 4 | UInt16(digit)
        }
        return value
    }

    private static func dottedQuad(_ bytes: Slice<UnsafeRawBufferPointer>) -> IPv4Address? {
        guard bytes.count <= 15 else { return nil }
        return IPv4Address(utf8: bytes)
    }

    private static func longestZeroRun(_ groups: [UInt16]) -> Range<Int>? {
        var best = 0..<0
        var start = 0
        for index in groups.indices {
            guard groups[index] == 0 else {
                start = index + 1
                continue
            }
            if index + 1 - start > best.count { best = start..<index + 1 }
        }
        return best.count > 1 ? best : nil
    }

    private static func hex(_ groups: ArraySlice<UInt16>) -> String {
        groups.map { String($0, radix: 16) }.joined(separator: ":")
    }
}
