import CNetfilter
import ClusterModel
import Glibc
import LinuxNode
import Responsibility

/// A rule of another program that writes a MAC into ARP packets that the node sends.
///
/// Sources: include/uapi/linux/netfilter_arp/arp_tables.h and arpt_mangle.h; RFC 826, where the fields stand.
package struct ArpRewrite: Hashable, Sendable {
    /// The sender's address in the packets; nil: any.
    package var address: IPv4Address?
    /// What is written as the sender's MAC.
    package var mac: MACAddress

    /// A rule from its parts.
    package init(_ address: IPv4Address?, _ mac: MACAddress) {
        self.address = address
        self.mac = mac
    }

    /// The MAC that ARP packets of an address get; nil when no rule writes one.
    package static func mac(for address: IPAddress, in rules: [ArpRewrite]) -> MACAddress? {
        rules.first { $0.address == address.v4 && $0.address != nil }?.mac
            ?? rules.first { $0.address == nil && address.v4 != nil }?.mac
    }

    /// All such rules, of nft, arptables-nft and arptables-legacy.
    package static func all(_ netfilter: NetlinkSocket) throws(KernelError) -> [ArpRewrite] {
        try inNftables(netfilter) + inLegacyTables()
    }

    // MARK: nf_tables

    private static func inNftables(_ socket: NetlinkSocket) throws(KernelError) -> [ArpRewrite] {
        guard try NftRuleset.generation(socket) != nil else { return [] }
        var found: [ArpRewrite] = []
        try socket.request(
            type: UInt16(NFNL_SUBSYS_NFTABLES << 8) | UInt16(NFT_MSG_GETRULE.rawValue),
            flags: NLM_F_ROOT | NLM_F_MATCH, extra: MessageBuffer.nfnetlink(family: Int32(NFPROTO_ARP)),
            restart: { found = [] },
            handle: { answer in
                let table = Attributes(nfnetlink: answer).first(NFTA_RULE_TABLE.rawValue)?.text
                guard table?.hasPrefix("clusterip_") != true, let object = nftnl_rule_alloc() else { return }
                defer { nftnl_rule_free(object) }
                guard nftnl_rule_nlmsg_parse(answer.header, object) >= 0 else { return }
                if let rule = rewrite(object) { found.append(rule) }
            })
        return found
    }

    private static func rewrite(_ object: OpaquePointer) -> ArpRewrite? {
        guard let iterator = nftnl_expr_iter_create(object) else { return nil }
        defer { nftnl_expr_iter_destroy(iterator) }
        var isSender = false
        var constant: [UInt8] = []
        var address: IPv4Address?
        var mac: MACAddress?
        while let pointer = nftnl_expr_iter_next(iterator) {
            let expression = NftExpression(pointer)
            switch expression.name {
            case "payload" where expression.has(NFTNL_EXPR_PAYLOAD_SREG):
                if expression.number(NFTNL_EXPR_PAYLOAD_OFFSET) == 8 { mac = MACAddress(bytes: constant) }
            case "payload":
                let place = (
                    expression.number(NFTNL_EXPR_PAYLOAD_OFFSET), expression.number(NFTNL_EXPR_PAYLOAD_LEN)
                )
                isSender = place == (14, 4)
            case "cmp" where isSender:
                address = IPAddress(bytes: expression.bytes(NFTNL_EXPR_CMP_DATA))?.v4
            case "immediate": constant = expression.bytes(NFTNL_EXPR_IMM_DATA)
            case "target" where expression.text(NFTNL_EXPR_TG_NAME) == "mangle":
                mac = Self.mangled(expression.bytes(NFTNL_EXPR_TG_INFO))
            default: break
            }
        }
        return mac.map { ArpRewrite(address, $0) }
    }

    private static func mangled(_ info: [UInt8]) -> MACAddress? {
        guard info.count >= MemoryLayout<arpt_mangle>.size else { return nil }
        let mangle: arpt_mangle = info.load()
        guard mangle.flags & UInt8(ARPT_MANGLE_SDEV) != 0 else { return nil }
        return withUnsafeBytes(of: mangle.src_devaddr) { MACAddress(bytes: Array($0.prefix(6))) }
    }

    // MARK: x_tables

    /// ARPT_SO_GET_INFO and ARPT_SO_GET_ENTRIES.
    private static let (getInfo, getEntries): (Int32, Int32) = (96, 97)

    private static func inLegacyTables() throws(KernelError) -> [ArpRewrite] {
        let names = ProcFile.lines("/proc/thread-self/net/arp_tables_names")
        guard !names.isEmpty else { return [] }
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .last }
        defer { close(descriptor) }
        var found: [ArpRewrite] = []
        for name in names { found += rewrites(try entries(String(name), descriptor)) }
        return found
    }

    private static func entries(_ name: String, _ descriptor: Int32) throws(KernelError) -> [UInt8] {
        var info = arpt_getinfo()
        var size = socklen_t(MemoryLayout<arpt_getinfo>.size)
        withUnsafeMutableBytes(of: &info.name) { $0.copyBytes(from: name.utf8.prefix($0.count - 1)) }
        guard getsockopt(descriptor, Int32(IPPROTO_IP), getInfo, &info, &size) == 0 else { throw .last }
        let header = MemoryLayout<arpt_get_entries>.size
        var bytes = [UInt8](repeating: 0, count: header + Int(info.size))
        bytes.withUnsafeMutableBytes { buffer in
            buffer.copyBytes(from: name.utf8.prefix(31))
            buffer.bindMemory(to: arpt_get_entries.self)[0].size = info.size
        }
        var length = socklen_t(bytes.count)
        guard getsockopt(descriptor, Int32(IPPROTO_IP), getEntries, &bytes, &length) == 0 else { throw .last }
        return Array(bytes.dropFirst(header))
    }

    private static func rewrites(_ bytes: [UInt8]) -> [ArpRewrite] {
        var found: [ArpRewrite] = []
        var place = 0
        let fixed = MemoryLayout<arpt_entry>.size
        while place + fixed <= bytes.count {
            let entry: arpt_entry = bytes[place...].prefix(fixed).load()
            let (target, next) = (place + Int(entry.target_offset), place + Int(entry.next_offset))
            guard target >= place + fixed, next >= target + 32, next <= bytes.count else { break }
            let name = String(decoding: bytes[target + 2..<target + 31].prefix { $0 != 0 }, as: UTF8.self)
            if name == "mangle", let mac = mangled(Array(bytes[target + 32..<next])) {
                let isSingle = entry.arp.smsk.s_addr == .max
                found.append(
                    ArpRewrite(isSingle ? IPv4Address(number: UInt32(bigEndian: entry.arp.src.s_addr)) : nil, mac))
            }
            place = next
        }
        return found
    }
}

extension MACAddress {
    /// The address with these six octets; nil for any other number of them.
    init?(bytes: [UInt8]) {
        guard bytes.count == 6 else { return nil }
        self.init(number: bytes.reduce(0) { $0 << 8 | UInt64($1) })
    }
}
