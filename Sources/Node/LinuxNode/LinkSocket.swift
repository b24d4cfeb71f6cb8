import CNetfilter
import ClusterModel
import Glibc
import Responsibility

/// Reads and changes what an interface has to have for a cluster address: the address itself and the cluster MAC.
package final class LinkSocket {
    private let route: NetlinkSocket
    private let control: Int32
    private let multicastList: Int32
    private let events: NetlinkSocket
    private var facts: [LinkFacts.Key: LinkFacts] = [:]
    private var addresses: [IPv4Address]?
    private var list: InterfaceList?

    /// Opens the sockets in the network namespace of the calling thread.
    package init() throws(KernelError) {
        route = try NetlinkSocket(Int32(NETLINK_ROUTE))
        route.checkRequestsStrictly()
        events = try NetlinkSocket(Int32(NETLINK_ROUTE))
        try events.subscribe(
            to: Int32(RTNLGRP_LINK.rawValue), Int32(RTNLGRP_IPV4_IFADDR.rawValue),
            Int32(RTNLGRP_IPV6_IFADDR.rawValue))
        control = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard control >= 0 else { throw .last }
        multicastList = open("/proc/thread-self/net/dev_mcast", O_RDONLY | O_CLOEXEC)
        guard multicastList >= 0 else { throw .last }
    }

    deinit { [control, multicastList].filter { $0 >= 0 }.forEach { close($0) } }

    /// An interface, and whether it carries an address; read again only after the kernel told of a change of either.
    package func facts(_ key: LinkFacts.Key) throws(KernelError) -> LinkFacts {
        forgetWhatChanged()
        if let known = facts[key] { return known }
        var found = LinkFacts(interface: interface(key.interface))
        if let interface = found.interface {
            found.carriesAddress =
                if let address = key.address.v4 { try carries(address, interface: interface.index) } else {
                    try interfaces().addresses.contains {
                        $0.address == key.address && $0.interface == key.interface
                    }
                }
            if let address = key.address.v4, let label = Self.label(key.interface) {
                found.isForeign = try !carries(address, label: label, interface: interface.index)
            }
        }
        facts[key] = found
        return found
    }

    /// The addresses on all interfaces but the loopback, in ascending order; read again only after a change.
    package func allAddresses() throws(KernelError) -> [IPv4Address] {
        forgetWhatChanged()
        if let addresses { return addresses }
        var found: Set<IPv4Address> = []
        var extra = ifaddrmsg()
        extra.ifa_family = UInt8(AF_INET)
        try route.request(
            type: UInt16(RTM_GETADDR), flags: NLM_F_ROOT | NLM_F_MATCH, extra: extra,
            handle: { answer in
                let fixed = MemoryLayout<ifaddrmsg>.size
                guard answer.body.count >= fixed, answer.body.loadUnaligned(as: ifaddrmsg.self).ifa_index != 1,
                    let local = Attributes(UnsafeRawBufferPointer(rebasing: answer.body[fixed...])).first(IFA_LOCAL),
                    let number = local.bigEndian(UInt32.self)
                else { return }
                found.insert(IPv4Address(number: number))
            })
        let sorted = found.sorted()
        addresses = sorted
        return sorted
    }

    /// The interfaces and their addresses, of both families; read again only after a change.
    package func interfaces() throws(KernelError) -> InterfaceList {
        forgetWhatChanged()
        if let list { return list }
        let found = try InterfaceList(route)
        list = found
        return found
    }

    /// What changes after this is told of before the next call.
    private func forgetWhatChanged() {
        guard events.drain() else { return }
        facts = [:]
        addresses = nil
        list = nil
    }

    /// The interface's index, flags and MAC address; nil when there is no such interface.
    package func interface(_ name: String) -> clusterip_interface? {
        var result = clusterip_interface()
        return clusterip_interface_read(control, name, &result) == 0 ? result : nil
    }

    /// Whether an interface carries an address; the prefix length and the label count only when they are given.
    package func carries(
        _ address: IPv4Address, prefixLength: Int? = nil, label: String? = nil, interface index: Int32
    ) throws(KernelError) -> Bool {
        var found = false
        let wanted = withUnsafeBytes(of: address.number.bigEndian, Array.init)
        var extra = ifaddrmsg()
        extra.ifa_family = UInt8(AF_INET)
        extra.ifa_index = UInt32(bitPattern: index)
        try route.request(
            type: UInt16(RTM_GETADDR), flags: NLM_F_ROOT | NLM_F_MATCH, extra: extra,
            handle: { answer in
                let fixed = MemoryLayout<ifaddrmsg>.size
                guard answer.body.count >= fixed else { return }
                let message = answer.body.loadUnaligned(as: ifaddrmsg.self)
                guard message.ifa_index == UInt32(bitPattern: index) else { return }
                let attributes = Attributes(UnsafeRawBufferPointer(rebasing: answer.body[fixed...]))
                let samePrefix = prefixLength.map { Int(message.ifa_prefixlen) == $0 } ?? true
                let sameLabel = label.map { attributes.first(IFA_LABEL)?.text == $0 } ?? true
                let sameAddress = attributes.first(IFA_LOCAL).map { $0.elementsEqual(wanted) } ?? false
                found = found || samePrefix && sameLabel && sameAddress
            })
        return found
    }

    /// The label of addresses that an installation puts on an interface, which outlives the table.
    ///
    /// nil where the name of the interface leaves no room for it: the kernel keeps 15 bytes, and tools expect the label to
    /// begin with the name and a colon.
    package static func label(_ interface: String) -> String? {
        let label = interface + ":cip"
        return label.utf8.count < Int(IFNAMSIZ) ? label : nil
    }

    /// Adds an address to an interface, or takes it away; the label is for one that is added.
    package func change(
        _ address: IPv4Address, prefixLength: Int, interface index: Int32, add: Bool, label: String? = nil
    ) throws(KernelError) {
        var extra = ifaddrmsg()
        extra.ifa_family = UInt8(AF_INET)
        extra.ifa_prefixlen = UInt8(prefixLength)
        extra.ifa_index = UInt32(bitPattern: index)
        try route.request(
            type: UInt16(add ? RTM_NEWADDR : RTM_DELADDR), flags: NLM_F_ACK | (add ? NLM_F_CREATE | NLM_F_EXCL : 0),
            extra: extra,
            build: {
                mnl_attr_put_u32($0, UInt16(IFA_LOCAL), address.number.bigEndian)
                mnl_attr_put_u32($0, UInt16(IFA_ADDRESS), address.number.bigEndian)
                if let label { mnl_attr_put_strz($0, UInt16(IFA_LABEL), label) }
            })
    }

    /// Joins a group of IPv4 on an interface, or leaves it, by an address of the interface that does so.
    ///
    /// No program has to stay for it. The address has the scope of the host, so that no packet leaves from it. Source:
    /// net/ipv4/devinet.c, `ip_mc_autojoin_config` (Linux 4.1).
    package func change(group: IPv4Address, interface index: Int32, join: Bool) throws(KernelError) {
        var extra = ifaddrmsg()
        extra.ifa_family = UInt8(AF_INET)
        extra.ifa_prefixlen = 32
        extra.ifa_scope = UInt8(RT_SCOPE_HOST.rawValue)
        extra.ifa_index = UInt32(bitPattern: index)
        do throws(KernelError) {
            try route.request(
                type: UInt16(join ? RTM_NEWADDR : RTM_DELADDR),
                flags: NLM_F_ACK | (join ? NLM_F_CREATE | NLM_F_EXCL : 0), extra: extra,
                build: {
                    mnl_attr_put_u32($0, UInt16(IFA_LOCAL), group.number.bigEndian)
                    mnl_attr_put_u32($0, UInt16(IFA_ADDRESS), group.number.bigEndian)
                    if join { mnl_attr_put_u32($0, UInt16(IFA_FLAGS), UInt32(IFA_F_MCAUTOJOIN)) }
                })
        } catch {
            guard error.number != (join ? EEXIST : EADDRNOTAVAIL) else { return }
            throw error
        }
    }

    /// Joins a multicast MAC address on an interface, or leaves it.
    package func change(_ mac: MACAddress, interface name: String, join: Bool) throws(KernelError) {
        let result = clusterip_multicast_change(control, name, mac.octets, join ? 1 : 0)
        guard result == 0 else { throw KernelError(number: -result) }
    }

    /// The index of the interface by which packets from an address of this node to another leave; nil when it is not told.
    ///
    /// - Throws: `ENETUNREACH` and its kin when no route leads there.
    package func route(to target: IPv4Address, from source: IPv4Address) throws(KernelError) -> Int32? {
        var extra = rtmsg()
        extra.rtm_family = UInt8(AF_INET)
        (extra.rtm_dst_len, extra.rtm_src_len) = (32, 32)
        var index: Int32?
        try route.request(
            type: UInt16(RTM_GETROUTE), flags: NLM_F_ACK, extra: extra,
            build: {
                mnl_attr_put_u32($0, UInt16(RTA_DST.rawValue), target.number.bigEndian)
                mnl_attr_put_u32($0, UInt16(RTA_SRC.rawValue), source.number.bigEndian)
            },
            handle: { answer in
                let fixed = MemoryLayout<rtmsg>.size
                guard answer.body.count >= fixed else { return }
                index = Attributes(UnsafeRawBufferPointer(rebasing: answer.body[fixed...])).first(RTA_OIF.rawValue)?
                    .native(Int32.self)
            })
        return index
    }

    /// The name of an interface; nil when there is none of this index.
    package func name(ofInterface index: Int32) -> String? {
        var name = [CChar](repeating: 0, count: Int(IFNAMSIZ))
        guard if_indextoname(UInt32(bitPattern: index), &name) != nil else { return nil }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Tells everybody on an interface, which is up, that an address has a MAC.
    package func announce(_ address: IPv4Address, as mac: MACAddress, on name: String) throws(KernelError) {
        guard var interface = interface(name) else { throw KernelError(number: ENODEV) }
        let octets = withUnsafeBytes(of: address.number.bigEndian, Array.init)
        let result = clusterip_announce(&interface, mac.octets, octets)
        guard result == 0 else { throw KernelError(number: -result) }
    }

    /// Tells switches that snoop to send all multicast to an interface.
    package func advertiseRouter(on name: String) throws(KernelError) {
        guard let interface = interface(name) else { throw KernelError(number: ENODEV) }
        let result = clusterip_advertise_router(interface.index)
        guard result == 0 else { throw KernelError(number: -result) }
    }

    /// Whether a multicast MAC address is in an interface's list.
    ///
    /// Source: net/core/dev_addr_lists.c; the columns of `/proc/net/dev_mcast` are index, name, references, references of
    /// users of the whole system, address.
    package func hasJoined(_ mac: MACAddress, interface index: Int32) -> Bool {
        let start = Array("\(index) ".utf8)
        let end = Array((" " + mac.octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()).utf8)
        return ProcFile.hasLine(multicastList) { $0.starts(with: start) && $0.suffix(end.count).elementsEqual(end) }
    }

    /// The multicast MAC addresses that a program put in an interface's list, as `ip maddress add` does.
    ///
    /// Those that the kernel joins for groups of IP have no users of the whole system.
    package func joinedByPrograms(interface index: Int) -> [MACAddress] {
        String(decoding: ProcFile.bytes(multicastList), as: UTF8.self).split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 5, words[0] == "\(index)", words[3] != "0" else { return nil }
            return UInt64(words[4], radix: 16).map(MACAddress.init(number:))
        }
    }
}

extension LinkSocket {
    /// Whether the node will hear and speak for a cluster address; whether its ARP is right, only the ruleset knows.
    package func health(_ configuration: ClusterConfiguration, arpRewritten: Bool) -> MulticastHealth {
        let key = LinkFacts.Key(interface: configuration.interface, address: configuration.address)
        let facts = (try? facts(key)) ?? LinkFacts(interface: interface(configuration.interface))
        guard let interface = facts.interface else {
            return MulticastHealth(
                interfacePresent: false, interfaceUp: false, macJoined: false, arpRewritten: arpRewritten,
                addressPresent: false)
        }
        let up = UInt32(IFF_UP | IFF_RUNNING)
        return MulticastHealth(
            interfacePresent: true, interfaceUp: interface.flags & up == up,
            macJoined: hasJoined(configuration.mac, interface: interface.index), arpRewritten: arpRewritten,
            addressPresent: facts.carriesAddress,
            interfaceMAC: interface.address, mtu: Int(interface.mtu),  // bounded: 32 bits
            addressIsForeign: facts.carriesAddress ? facts.isForeign : nil,
            groupJoined: (configuration.group?.v4).map { group in
                (try? carries(group, interface: interface.index)) ?? false
            })
    }
}

extension clusterip_interface {
    /// The interface's MAC address.
    package var address: MACAddress {
        withUnsafeBytes(of: mac) { MACAddress(number: $0.reduce(0) { $0 << 8 | UInt64($1) }) }
    }
}

/// What the kernel said of an interface and of a cluster address on it.
package struct LinkFacts {
    /// What was asked.
    package struct Key: Hashable {
        var interface: String
        var address: IPAddress
    }

    /// The interface; nil when there is none of that name.
    package var interface: clusterip_interface?
    /// Whether the interface carries the address.
    package var carriesAddress = false
    /// Whether the address lacks the label of those that an installation adds; nil where there is no room for one.
    package var isForeign: Bool?
}
