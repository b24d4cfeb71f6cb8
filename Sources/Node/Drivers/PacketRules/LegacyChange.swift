import CNetfilter
import ClusterModel
import Glibc
import LinuxNode
import NodeDriver
import Responsibility

/// A table of x_tables as it is to be: some of its rules gone, masks of others changed.
///
/// The kernel takes a table as a whole. It refuses one when the number of entries has changed since it was read; against
/// changes that keep the number, whoever writes tables holds a lock.
package struct LegacyChange {
    /// The table as it was read.
    let table: LegacyTable
    private let all: [LegacyEntry]
    private var gone: Set<Int> = []
    private var masks: [Int: UInt32] = [:]

    /// No change of a table yet.
    package init(_ table: LegacyTable) {
        self.table = table
        all = table.walk()
    }

    /// Takes the rule away whose entry stands at a place.
    package mutating func remove(_ place: Int) { gone.insert(place) }

    /// Has a rule match other buckets; nothing for one that asks for none.
    package mutating func set(_ buckets: BucketSet, ofRuleAt place: Int) {
        guard let data = all.first(where: { $0.place == place })?.clusterPlace else { return }
        masks[data] = buckets.reduce(0) { $0 | 1 << UInt32($1 - 1) }
    }

    /// The numbers of the entries that stay, counted from 0.
    var kept: [Int] { all.indices.filter { !gone.contains(all[$0].place) } }

    /// The entries that stay, those that jump to a place behind a rule that is gone with the place as it is now.
    package var entries: [UInt8] {
        var bytes: [UInt8] = []
        for entry in kept.map({ all[$0] }) {
            var own = Array(table.entries[entry.place..<entry.place + entry.length])
            if let jump = entry.jump {
                own.store(Int32(clamping: place(jump.target)), at: jump.place - entry.place)
            }
            for (data, mask) in masks where (entry.place..<entry.place + entry.length).contains(data) {
                own.store(mask, at: data - entry.place + MemoryLayout<xt_cluster_match_info>.offset(of: \.node_mask)!)
            }
            bytes += own
        }
        return bytes
    }

    /// Where stands now what stood at a place; in the place of a rule that is gone, what follows it.
    func place(_ old: Int) -> Int {
        old - all.lazy.filter { $0.place < old && gone.contains($0.place) }.reduce(0) { $0 + $1.length }
    }

    /// The table as the kernel takes it, before its entries; what the entries counted so far goes to `counters`.
    func header(size: Int, counters: UnsafeMutablePointer<xt_counters>?) -> ipt_replace {
        var header = ipt_replace()
        withUnsafeMutableBytes(of: &header.name) { name in
            withUnsafeBytes(of: table.info.name) { name.copyMemory(from: $0) }
        }
        header.valid_hooks = table.info.valid_hooks
        (header.num_entries, header.size) = (UInt32(clamping: kept.count), UInt32(clamping: size))
        (header.num_counters, header.counters) = (table.info.num_entries, counters)
        func moved<Places>(_ old: Places, into new: inout Places) {
            withUnsafeMutableBytes(of: &new) { new in
                let new = new.bindMemory(to: UInt32.self)
                withUnsafeBytes(of: old) { old in
                    for (hook, place) in old.bindMemory(to: UInt32.self).enumerated()
                    where table.info.valid_hooks >> UInt32(hook) & 1 == 1 {
                        new[hook] = UInt32(clamping: self.place(Int(place)))
                    }
                }
            }
        }
        moved(table.info.hook_entry, into: &header.hook_entry)
        moved(table.info.underflow, into: &header.underflow)
        return header
    }
}

extension [UInt8] {
    fileprivate mutating func store(_ value: some FixedWidthInteger, at place: Int) {
        Swift.withUnsafeBytes(of: value) { self.replaceSubrange(place..<place + $0.count, with: $0) }
    }
}

/// The lock that programs hold which write tables of x_tables, so that none writes over what another has just written.
enum LegacyLock {
    private static let patience = 50

    /// Runs a body while no such program is at work.
    ///
    /// Source: `xtables_lock` of iptables/xshared.c.
    static func held<Value>(_ body: () throws(DriverError) -> Value) throws(DriverError) -> Value {
        let path = getenv("XTABLES_LOCKFILE").map { String(cString: $0) } ?? "/run/xtables.lock"
        let descriptor = open(path, O_RDONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .kernel(.last, doing: "opening \(path)") }
        defer { close(descriptor) }
        for attempt in 0... {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { break }
            guard errno == EWOULDBLOCK || errno == EINTR, attempt < patience else {
                throw DriverError(
                    .busy, "Another program on this node is changing rules of iptables-legacy; try again.")
            }
            usleep(10_000)
        }
        return try body()
    }
}
