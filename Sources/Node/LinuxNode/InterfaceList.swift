import CNetfilter
import ClusterModel
import Glibc
import Responsibility

/// A node's interfaces and the addresses that they carry, the loopback not among them.
package struct InterfaceList: Hashable, Sendable {
    /// An address on an interface.
    package struct Carried: Hashable, Sendable {
        /// The interface's name.
        package var interface: String
        /// The address.
        package var address: IPAddress
        /// The length of its network prefix.
        package var prefixLength: Int
        /// Its broadcast address.
        package var broadcast: IPAddress?

        /// A carried address from its parts.
        package init(_ address: IPAddress, prefixLength: Int, broadcast: IPAddress? = nil, on interface: String) {
            self.interface = interface
            self.address = address
            self.prefixLength = prefixLength
            self.broadcast = broadcast
        }
    }

    /// The interfaces' names by number.
    package var names: [Int: String]
    /// The addresses.
    package var addresses: [Carried]

    /// A list from its parts.
    package init(names: [Int: String], addresses: [Carried]) {
        self.names = names
        self.addresses = addresses
    }

    /// The name of the interface with a number; nil when there is none.
    package func name(of index: Int) -> String? { names[index] }

    /// The number of an interface; nil when there is none of that name.
    package func index(of name: String) -> Int? { names.first { $0.value == name }?.key }
}

extension InterfaceList {
    /// Reads all of it over rtnetlink.
    init(_ route: NetlinkSocket) throws(KernelError) {
        self.init(names: [:], addresses: [])
        var names: [Int: String] = [:]
        try Self.dump(route, UInt16(RTM_GETLINK), ifinfomsg(), restart: { names = [:] }) { fixed, attributes in
            guard fixed.ifi_index != 1, let name = attributes.first(IFLA_IFNAME)?.text else { return }
            names[Int(fixed.ifi_index)] = name
        }
        var found: [Carried] = []
        for family in [AF_INET, AF_INET6] {
            var extra = ifaddrmsg()
            extra.ifa_family = UInt8(family)
            let before = found
            try Self.dump(route, UInt16(RTM_GETADDR), extra, restart: { found = before }) { fixed, attributes in
                guard let interface = names[Int(fixed.ifa_index)],
                    let local = attributes.first(IFA_LOCAL) ?? attributes.first(IFA_ADDRESS),
                    let address = IPAddress(wire: local), fixed.ifa_scope != UInt8(RT_SCOPE_LINK.rawValue)
                else { return }
                let broadcast = attributes.first(IFA_BROADCAST).flatMap { IPAddress(wire: $0) }
                found.append(
                    Carried(
                        address, prefixLength: Int(fixed.ifa_prefixlen), broadcast: broadcast, on: interface))
            }
        }
        (self.names, addresses) = (names, found)
    }

    private static func dump<Fixed>(
        _ route: NetlinkSocket, _ type: UInt16, _ extra: Fixed, restart: () -> Void,
        _ handle: (Fixed, Attributes) -> Void
    ) throws(KernelError) {
        try route.request(
            type: type, flags: NLM_F_ROOT | NLM_F_MATCH, extra: extra, restart: restart,
            handle: { answer in
                let size = MemoryLayout<Fixed>.size
                guard answer.body.count >= size else { return }
                handle(
                    answer.body.loadUnaligned(as: Fixed.self),
                    Attributes(UnsafeRawBufferPointer(rebasing: answer.body[size...])))
            })
    }
}

extension IPAddress {
    /// The address in wire order at the start of some bytes, 4 or 16 of them.
    package init?(wire bytes: UnsafeRawBufferPointer) {
        switch bytes.count {
        case 4:
            guard let number = bytes.bigEndian(UInt32.self) else { return nil }
            self = .v4(IPv4Address(number: number))
        case 16:
            let halves = (0..<2).map { UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)) }
            self = .v6(IPv6Address(high: halves[0], low: halves[1]))
        default: return nil
        }
    }
}
