import CNetfilter
import ClusterModel
import LinuxNode
import Responsibility

/// An entry of a table of x_tables: a rule, the name of a chain, or a chain's end.
package struct LegacyEntry {
    /// Where it stands in the table.
    package let place: Int
    /// How many bytes it has.
    package let length: Int
    /// The name, where the entry is the beginning of a chain or the end of the table.
    package private(set) var errorName: String?
    /// What becomes of a packet that matches; a jump's chain is not known by name here.
    package private(set) var verdict = RuleAction.pass
    /// Where the data of its xt_cluster match stand in the table; nil when it has none.
    package private(set) var clusterPlace: Int?
    /// What the target CLUSTERIP has behind its header; nil for any other target.
    package private(set) var target: ClusterTarget?

    private var conditions: [RuleCondition] = []
    private var comment: String?
    private var count = PacketCount()
    /// Where the entry of a chain stands to which it jumps, and where that number stands in the table; nil when it jumps to none.
    package private(set) var jump: (target: Int, place: Int)?
    private var isGoto = false

    private static let extensionHeader = 32

    /// The entry at a place; nil when none fits there.
    package init?(_ bytes: [UInt8], at place: Int, family: IPAddress.Family) {
        self.place = place
        let fixed = family == .v4 ? MemoryLayout<ipt_entry>.size : MemoryLayout<ip6t_entry>.size
        guard place >= 0, place + fixed <= bytes.count else { return nil }
        let target: Int
        switch family {
        case .v4:
            let entry: ipt_entry = bytes[place...].prefix(fixed).load()
            (target, length) = (Int(entry.target_offset), Int(entry.next_offset))
            count = PacketCount(packets: entry.counters.pcnt, bytes: entry.counters.bcnt)
            isGoto = entry.ip.flags & UInt8(IPT_F_GOTO) != 0
            take(entry.ip)
        case .v6:
            let entry: ip6t_entry = bytes[place...].prefix(fixed).load()
            (target, length) = (Int(entry.target_offset), Int(entry.next_offset))
            count = PacketCount(packets: entry.counters.pcnt, bytes: entry.counters.bcnt)
            isGoto = entry.ipv6.flags & UInt8(IP6T_F_GOTO) != 0
            take(entry.ipv6)
        }
        guard target >= fixed, target + Self.extensionHeader <= length, place + length <= bytes.count else {
            return nil
        }
        takeMatches(bytes, place + fixed..<place + target)
        takeTarget(bytes, place + target..<place + length)
    }

    /// The rule, with the names of the chains that begin at the places to which it may jump.
    func rule(_ chains: [Int: String]) -> PacketRule {
        var action = verdict
        if let jump, let name = chains[jump.target] { action = isGoto ? .goto(name) : .jump(name) }
        var rule = PacketRule(conditions, action, count: count, comment: comment, handle: UInt64(place))
        rule.target = target
        return rule
    }

    private mutating func take(_ ip: ipt_ip) {
        let mask = UInt32(bigEndian: ip.dmsk.s_addr)
        if mask != 0 {
            let address = IPAddress.v4(IPv4Address(number: UInt32(bigEndian: ip.dst.s_addr)))
            add(address, bits: mask.nonzeroBitCount, isNegated: ip.invflags & UInt8(IPT_INV_DSTIP) != 0)
        }
        if ip.smsk.s_addr != 0 { conditions.append(.other) }
        withUnsafeBytes(of: ip) { bytes in
            takeInterfaces(
                bytes, name: MemoryLayout<ipt_ip>.offset(of: \.iniface)!,
                mask: MemoryLayout<ipt_ip>.offset(of: \.iniface_mask)!,
                isNegated: ip.invflags & UInt8(IPT_INV_VIA_IN) != 0)
        }
        if ip.proto != 0 {
            conditions.append(
                .transport(
                    UInt8(truncatingIfNeeded: ip.proto), isNegated: ip.invflags & UInt8(XT_INV_PROTO) != 0))
        }
        if ip.flags & UInt8(IPT_F_FRAG) != 0 { conditions.append(.other) }
    }

    private mutating func take(_ ip: ip6t_ip6) {
        let mask = withUnsafeBytes(of: ip.dmsk) { $0.reduce(0) { $0 + $1.nonzeroBitCount } }
        if mask > 0, let address = withUnsafeBytes(of: ip.dst, { IPAddress(wire: $0) }) {
            add(address, bits: mask, isNegated: ip.invflags & UInt8(IP6T_INV_DSTIP) != 0)
        }
        if withUnsafeBytes(of: ip.smsk, { $0.contains { $0 != 0 } }) { conditions.append(.other) }
        withUnsafeBytes(of: ip) { bytes in
            takeInterfaces(
                bytes, name: MemoryLayout<ip6t_ip6>.offset(of: \.iniface)!,
                mask: MemoryLayout<ip6t_ip6>.offset(of: \.iniface_mask)!,
                isNegated: ip.invflags & UInt8(IP6T_INV_VIA_IN) != 0)
        }
        if ip.proto != 0, ip.flags & UInt8(IP6T_F_PROTO) != 0 {
            conditions.append(
                .transport(
                    UInt8(truncatingIfNeeded: ip.proto), isNegated: ip.invflags & UInt8(XT_INV_PROTO) != 0))
        }
    }

    private mutating func add(_ address: IPAddress, bits: Int, isNegated: Bool) {
        conditions.append(.destination(AddressRange(address, prefixLength: bits), isNegated: isNegated))
    }

    /// A mask that ends before the name's zero stands for names that begin so; iptables leaves the sign in `eth+`.
    private mutating func takeInterfaces(
        _ bytes: UnsafeRawBufferPointer, name: Int, mask: Int, isNegated: Bool
    ) {
        let size = Int(IFNAMSIZ)
        let covered = bytes[mask..<mask + size].prefix { $0 != 0 }.count
        guard covered > 0 else { return }
        let text = bytes[name..<name + covered].prefix { $0 != 0 }
        conditions.append(
            .interface(String(decoding: text, as: UTF8.self), isPrefix: covered <= text.count, isNegated: isNegated))
    }

    private mutating func takeMatches(_ bytes: [UInt8], _ range: Range<Int>) {
        var place = range.lowerBound
        while place + Self.extensionHeader <= range.upperBound {
            let size = Int(bytes[place...].prefix(2).load(as: UInt16.self))
            guard size >= Self.extensionHeader, place + size <= range.upperBound else { return }
            let name = Self.name(bytes[place + 2..<place + 31])
            let data = place + Self.extensionHeader..<place + size
            switch ExtensionMatch(name, revision: UInt32(bytes[place + 31]), Array(bytes[data])) {
            case .comment(let text): comment = text
            case .condition(let condition):
                if case .bucket = condition { clusterPlace = data.lowerBound }
                conditions.append(condition)
            }
            place += size
        }
    }

    /// Source: net/ipv4/netfilter/ip_tables.c, `ipt_do_table`: a standard verdict below zero is a decision, above a place.
    private mutating func takeTarget(_ bytes: [UInt8], _ range: Range<Int>) {
        let name = Self.name(bytes[range.lowerBound + 2..<range.lowerBound + 31])
        let data = Array(bytes[range.lowerBound + Self.extensionHeader..<range.upperBound])
        switch name {
        case "ERROR": errorName = Self.name(data[...])
        case "":
            let number = data.count >= 4 ? data.load(as: Int32.self) : 0
            switch -number - 1 {
            case NF_ACCEPT: verdict = .accept
            case NF_DROP: verdict = .drop
            case NF_REPEAT: verdict = .leave
            default:
                jump = number >= 0 ? (Int(number), range.lowerBound + Self.extensionHeader) : nil
            }
        case "CLUSTERIP" where data.count >= MemoryLayout<clusterip_target_info>.size:
            target = ClusterTarget(data.load())
        default:
            verdict = ExtensionTarget.action(name, revision: UInt32(bytes[range.lowerBound + 31]), data)
        }
    }

    private static func name(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
}
