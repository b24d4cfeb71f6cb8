import CNetfilter

/// The attributes of a netlink message or of a nest, walked in place; whatever does not fit its frame ends the walk.
///
/// Source: include/uapi/linux/netlink.h, `struct nlattr`: length with header, type, payload padded to four bytes.
@usableFromInline
package struct Attributes: Sequence, IteratorProtocol {
    @usableFromInline var rest: UnsafeRawBufferPointer

    /// The attributes in these bytes.
    @inlinable package init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

    /// The attributes behind the fixed structure of an nfnetlink message.
    package init(nfnetlink answer: NetlinkSocket.Answer) {
        self.init(UnsafeRawBufferPointer(rebasing: answer.body.dropFirst(MemoryLayout<nfgenmsg>.size)))
    }

    /// The next attribute: its type without flag bits, and its payload.
    @inlinable package mutating func next() -> (type: Int, value: UnsafeRawBufferPointer)? {
        guard rest.count >= 4 else { return nil }
        let length = Int(rest.loadUnaligned(as: UInt16.self))
        guard length >= 4, length <= rest.count else { return nil }
        let type = Int(rest.loadUnaligned(fromByteOffset: 2, as: UInt16.self) & 0x3fff)
        let value = UnsafeRawBufferPointer(rebasing: rest[4..<length])
        rest = UnsafeRawBufferPointer(rebasing: rest[Swift.min((length + 3) & ~3, rest.count)...])
        return (type, value)
    }

    /// The payload of the first attribute of a type.
    @inlinable package func first(_ type: some BinaryInteger) -> UnsafeRawBufferPointer? {
        for attribute in self where attribute.type == Int(type) { return attribute.value }
        return nil
    }

    /// The attributes nested in the first attribute of a type; none when it is absent.
    @inlinable package func nest(_ type: some BinaryInteger) -> Attributes {
        Attributes(first(type) ?? UnsafeRawBufferPointer(start: nil, count: 0))
    }
}

extension UnsafeRawBufferPointer {
    /// The bytes as a big-endian number; nil when there are too few.
    @inlinable package func bigEndian<Number: FixedWidthInteger>(_: Number.Type) -> Number? {
        count >= MemoryLayout<Number>.size ? Number(bigEndian: loadUnaligned(as: Number.self)) : nil
    }

    /// The bytes as a number of this machine; nil when there are too few.
    @inlinable package func native<Number: FixedWidthInteger>(_: Number.Type) -> Number? {
        count >= MemoryLayout<Number>.size ? loadUnaligned(as: Number.self) : nil
    }

    /// The bytes up to the first zero, as text.
    @inlinable package var text: String { String(decoding: prefix { $0 != 0 }, as: UTF8.self) }
}
