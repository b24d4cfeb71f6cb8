import CNetfilter
import ClusterModel
import Glibc
import LinuxNode
import Responsibility

/// A table of x_tables as the kernel gives it out: entries one behind another, each with matches and a target.
///
/// Sources: include/uapi/linux/netfilter/x_tables.h, netfilter_ipv4/ip_tables.h, netfilter_ipv6/ip6_tables.h.
package struct LegacyTable {
    /// The family of its packets.
    package let family: IPAddress.Family
    /// What the kernel says of it.
    package let info: ipt_getinfo
    /// The entries.
    package let entries: [UInt8]

    /// A table from its parts.
    package init(family: IPAddress.Family, info: ipt_getinfo, entries: [UInt8]) {
        self.family = family
        self.info = info
        self.entries = entries
    }

    /// Its name, such as "mangle".
    package var name: String {
        withUnsafeBytes(of: info.name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// The table's chains and rules; a rule's handle is the place of its entry.
    package var table: RuleTable {
        let all = walk()
        // The name of a chain of the administrator's stands in an entry of its own before its rules.
        let named = all.indices.filter { all[$0].errorName != nil }
        let starts = Dictionary(
            named.filter { $0 + 1 < all.count }.map { (all[$0 + 1].place, all[$0].errorName ?? "") }
        ) { first, _ in first }
        var chains: [RuleChain] = []
        for (number, place) in builtIn {
            let end = underflow(number)
            let policy = all.first { $0.place == end }
            let hook = RuleChain.Hook.Place(hook: UInt32(number)).map {
                RuleChain.Hook($0, priority: Self.priority(name))
            }
            chains.append(
                RuleChain(
                    Self.hookNames[number], hook: name == "nat" ? nil : hook, isDropping: policy?.verdict == .drop,
                    rules: all.filter { $0.place >= place && $0.place < end }.map { $0.rule(starts) }))
        }
        for (order, index) in named.enumerated() where !(all[index].errorName ?? "").isEmpty {
            let end = order + 1 < named.count ? named[order + 1] : all.count
            chains.append(
                RuleChain(all[index].errorName ?? "", rules: all[(index + 1)..<end].map { $0.rule(starts) }))
        }
        return RuleTable(.legacy, family, name, chains: chains)
    }

    /// Every entry in its order; an impossible length ends the walk.
    package func walk() -> [LegacyEntry] {
        var found: [LegacyEntry] = []
        var place = 0
        while let entry = LegacyEntry(entries, at: place, family: family) {
            found.append(entry)
            place += entry.length
        }
        return found
    }

    private static let hookNames = ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"]

    /// The built-in chains by hook, and where their rules begin.
    private var builtIn: [(hook: Int, place: Int)] {
        let places = withUnsafeBytes(of: info.hook_entry) { Array($0.bindMemory(to: UInt32.self)) }
        return (0..<5).filter { info.valid_hooks >> UInt32($0) & 1 == 1 }.map { ($0, Int(places[$0])) }
    }

    private func underflow(_ hook: Int) -> Int {
        Int(withUnsafeBytes(of: info.underflow) { $0.bindMemory(to: UInt32.self)[hook] })
    }

    /// Source: include/uapi/linux/netfilter_ipv4.h, `enum nf_ip_hook_priorities`.
    private static func priority(_ table: String) -> Int {
        ["raw": -300, "mangle": -150, "filter": 0, "security": 50][table] ?? 0
    }
}

/// The tables of x_tables that are there, read over a socket of their family.
package final class LegacyTables {
    private let sockets: [(family: IPAddress.Family, descriptor: Int32)]

    /// Opens the sockets in the network namespace of the calling thread.
    package init() throws(KernelError) {
        var sockets: [(IPAddress.Family, Int32)] = []
        for (family, number) in [(IPAddress.Family.v4, AF_INET), (.v6, AF_INET6)] {
            let descriptor = socket(number, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            // A kernel may have no IPv6.
            if descriptor >= 0 { sockets.append((family, descriptor)) }
        }
        guard !sockets.isEmpty else { throw .last }
        self.sockets = sockets
    }

    deinit { for socket in sockets { close(socket.descriptor) } }

    /// Every table that is there; asking for one that is not would make it.
    package func read() throws(KernelError) -> [LegacyTable] {
        var tables: [LegacyTable] = []
        for socket in sockets {
            let list = socket.family == .v4 ? "ip_tables_names" : "ip6_tables_names"
            for name in ProcFile.lines("/proc/thread-self/net/\(list)") {
                if let table = try table(String(name), family: socket.family) { tables.append(table) }
            }
        }
        return tables
    }

    /// One table; nil when there is none of that name.
    package func table(_ name: String, family: IPAddress.Family) throws(KernelError) -> LegacyTable? {
        guard let descriptor = sockets.first(where: { $0.family == family })?.descriptor else { return nil }
        let level = Int32(family == .v4 ? IPPROTO_IP : IPPROTO_IPV6)
        // It may grow between the two calls.
        for _ in 0..<16 {
            var info = ipt_getinfo()
            var size = socklen_t(MemoryLayout<ipt_getinfo>.size)
            Self.copy(name, into: &info.name)
            guard getsockopt(descriptor, level, Self.getInfo, &info, &size) == 0 else {
                if errno == ENOENT || errno == ENOPROTOOPT { return nil }
                throw .last
            }
            let header = MemoryLayout<ipt_get_entries>.size
            var bytes = [UInt8](repeating: 0, count: header + Int(info.size))
            bytes.withUnsafeMutableBytes { buffer in
                Self.copy(name, into: &buffer.bindMemory(to: ipt_get_entries.self)[0].name)
                buffer.bindMemory(to: ipt_get_entries.self)[0].size = info.size
            }
            var length = socklen_t(bytes.count)
            guard getsockopt(descriptor, level, Self.getEntries, &bytes, &length) == 0 else {
                if errno == EAGAIN { continue }
                throw .last
            }
            return LegacyTable(family: family, info: info, entries: Array(bytes.dropFirst(header)))
        }
        throw KernelError(number: EBUSY)
    }

    /// Puts a changed table in the place of the one that was read; rules that stay keep what they have counted.
    ///
    /// - Throws: EAGAIN when the table has another number of entries by now.
    package func replace(_ change: LegacyChange) throws(KernelError) {
        let family = change.table.family
        guard let descriptor = sockets.first(where: { $0.family == family })?.descriptor else {
            throw KernelError(number: EAFNOSUPPORT)
        }
        let level = Int32(family == .v4 ? IPPROTO_IP : IPPROTO_IPV6)
        let entries = change.entries
        var counted = [xt_counters](repeating: xt_counters(), count: Int(change.table.info.num_entries))
        let result = counted.withUnsafeMutableBufferPointer { counted in
            let header = change.header(size: entries.count, counters: counted.baseAddress)
            let bytes = withUnsafeBytes(of: header, Array.init) + entries
            return setsockopt(descriptor, level, Self.replaceTable, bytes, socklen_t(bytes.count))
        }
        guard result == 0 else { throw .last }
        var info = xt_counters_info()
        withUnsafeMutableBytes(of: &info.name) { name in
            withUnsafeBytes(of: change.table.info.name) { name.copyMemory(from: $0) }
        }
        info.num_counters = UInt32(clamping: change.kept.count)
        let kept = change.kept.map { counted[$0] }
        let bytes = withUnsafeBytes(of: info, Array.init) + kept.withUnsafeBytes(Array.init)
        // Counters that are lost decide nothing.
        _ = setsockopt(descriptor, level, Self.addCounters, bytes, socklen_t(bytes.count))
    }

    /// IPT_SO_SET_REPLACE and IP6T_SO_SET_REPLACE.
    private static let replaceTable: Int32 = 64
    /// IPT_SO_SET_ADD_COUNTERS and IP6T_SO_SET_ADD_COUNTERS.
    private static let addCounters: Int32 = 65

    /// IPT_SO_GET_INFO and IP6T_SO_GET_INFO.
    private static let getInfo: Int32 = 64
    /// IPT_SO_GET_ENTRIES and IP6T_SO_GET_ENTRIES.
    private static let getEntries: Int32 = 65

    private static func copy<Name>(_ text: String, into name: inout Name) {
        withUnsafeMutableBytes(of: &name) { $0.copyBytes(from: text.utf8.prefix($0.count - 1)) }
    }
}
