import CNetfilter
import Glibc

/// Netlink messages in one run of bytes, ready to be sent together.
package struct MessageBuffer {
    /// The messages, each padded to four bytes.
    package private(set) var bytes: [UInt8] = []

    /// No messages.
    package init() {}

    /// Where the last message begins.
    private var lastStart: Int?

    /// The largest message that can be built: an attribute, whose length has 16 bits, and some room.
    package static let capacity = 80 << 10

    /// Adds a message whose attributes `build` puts behind the header, by libmnl or libnftnl.
    ///
    /// - Parameter extra: the fixed structure that follows the netlink header, such as `nfgenmsg`.
    package mutating func append<Extra>(
        type: UInt16, flags: Int32, sequence: UInt32, extra: Extra,
        build: (UnsafeMutablePointer<nlmsghdr>) -> Void = { _ in }
    ) {
        withUnsafeTemporaryAllocation(byteCount: Self.capacity, alignment: 8) { scratch in
            guard let base = scratch.baseAddress, let header = mnl_nlmsg_put_header(base) else { return }
            header.pointee.nlmsg_type = type
            header.pointee.nlmsg_flags = UInt16(truncatingIfNeeded: flags)
            header.pointee.nlmsg_seq = sequence
            let place = mnl_nlmsg_put_extra_header(header, MemoryLayout<Extra>.size)
            withUnsafeBytes(of: extra) { place?.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
            build(header)
            lastStart = bytes.count
            bytes.append(
                contentsOf: UnsafeRawBufferPointer(start: base, count: Int((header.pointee.nlmsg_len + 3) & ~3)))
        }
    }

    /// Asks for an acknowledgement of the message added last.
    package mutating func acknowledgeLast() {
        guard let lastStart else { return }
        bytes[lastStart + 6] |= UInt8(NLM_F_ACK)
    }

    /// The fixed structure of nfnetlink messages.
    ///
    /// - Parameter resource: the resource id, host byte order; batches name their subsystem here.
    package static func nfnetlink(family: Int32, resource: UInt16 = 0) -> nfgenmsg {
        nfgenmsg(nfgen_family: UInt8(family), version: 0, res_id: resource.bigEndian)
    }
}
