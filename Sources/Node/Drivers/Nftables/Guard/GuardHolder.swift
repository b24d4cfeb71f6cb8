import CNetfilter
import ClusterModel
import Glibc
import LinuxNode
import NodeDriver

/// Holds a guard for as long as this process lives, so that no other program can take it away.
///
/// A table with an owner stays when others flush the ruleset, and nobody else can change it (Linux 5.12). One that persists
/// also stays when its owner ends, until somebody takes it away or another owner takes it on (Linux 6.9). Where the kernel
/// has neither, the tables are made anew whenever they are gone.
package final class GuardHolder {
    /// How firmly the kernel holds the tables.
    package enum Hold: Hashable, Sendable, CaseIterable {
        /// They have an owner, and outlive it.
        case persistent
        /// They have an owner, and end with it.
        case owned
        /// Anybody can take them away.
        case watched

        /// Source: include/uapi/linux/netfilter/nf_tables.h, `NFT_TABLE_F_OWNER` and `NFT_TABLE_F_PERSIST`.
        fileprivate var flags: UInt32 {
            switch self {
            case .persistent: 2 | 4
            case .owned: 2
            case .watched: 0
            }
        }
    }

    /// How often each way is tried while others change the ruleset.
    private static let attempts = 8

    private let table: GuardTable
    private let socket: NetlinkSocket
    /// The ways that are tried, the firmest first.
    private let ways: [Hold]
    /// How the tables are held; nil before they were made.
    package private(set) var hold: Hold?

    /// A holder that holds nothing yet; the tables will belong to a socket of its own.
    package init(_ table: GuardTable, ways: [Hold] = Hold.allCases) throws(DriverError) {
        self.table = table
        self.ways = ways
        do throws(KernelError) { socket = try NetlinkSocket(Int32(NETLINK_NETFILTER)) } catch {
            throw DriverError(.notSupported, "This kernel offers no netlink socket for netfilter: \(error.text).")
        }
    }

    /// Makes the tables, or takes on those that another owner has left, as firmly as the kernel can.
    ///
    /// - Throws: `.alreadyExists` when another process holds them.
    package func make() throws(DriverError) {
        var refusal: KernelError?
        for hold in ways {
            for _ in 0..<Self.attempts {
                do throws(KernelError) {
                    try make(hold)
                    self.hold = hold
                    return
                } catch {
                    guard error.number != EPERM else { throw refused(error) }
                    refusal = error
                    // Somebody took a table away that was there when it was looked at.
                    guard error.number == ENOENT else { break }
                }
            }
        }
        if let refusal { throw refused(refusal) }
    }

    /// Whether the tables are there; they are made anew when they are not.
    ///
    /// - Returns: whether they had to be made.
    @discardableResult
    package func keep() throws(DriverError) -> Bool {
        do throws(KernelError) {
            let reader = RulesetReader(socket: socket)
            let guards = try FoundGuards(reader, tables: reader.tables(family: AF_INET))
            if guards.state(of: table) == .held { return false }
        } catch { throw .kernel(error, doing: "reading the guard of \(table.address)") }
        try make()
        return true
    }

    private func make(_ hold: Hold) throws(KernelError) {
        let name = table.name(.held)
        let families = [AF_INET, Int32(NFPROTO_ARP)]
        // What an owner has left can be changed by a new one alone; tables that never had one cannot get one.
        do throws(KernelError) {
            var batch = Batch(socket, generation: 0)
            for family in families { batch.addTable(name, family: family, flags: hold.flags, isNew: false) }
            try batch.commit()
        } catch {
            guard error.number != EPERM else { throw error }
        }
        let reader = RulesetReader(socket: socket)
        var there: [Int32] = []
        for family in families where try reader.tables(family: family).contains(name) { there.append(family) }
        var batch = Batch(socket, generation: 0)
        batch.create(table, .held, flags: hold.flags, inPlaceOf: there)
        // Two guards would cost each packet twice.
        for family in families where try reader.tables(family: family).contains(table.name(.plain)) {
            batch.deleteTable(table.name(.plain), family: family)
        }
        try batch.commit()
    }

    private func refused(_ error: KernelError) -> DriverError {
        guard error.number == EPERM, geteuid() == 0 else {
            return .kernel(error, doing: "holding the guard of \(table.address)")
        }
        return DriverError(
            .alreadyExists, "Another process holds the guard of \(table.address), or the kernel does not permit it.")
    }
}

extension Batch {
    /// Adds everything of a guard, in place of what is there of it in these families.
    mutating func create(
        _ table: GuardTable, _ form: GuardTable.Form, flags: UInt32 = 0, inPlaceOf families: [Int32]
    ) {
        let name = table.name(form)
        for family in families { deleteTable(name, family: family) }
        addTable(name, family: AF_INET, flags: flags)
        for chain in table.chains { addChain(chain, table: name, family: AF_INET) }
        addTable(name, family: Int32(NFPROTO_ARP), flags: flags)
        addChain(table.arpChain, table: name, family: Int32(NFPROTO_ARP))
    }
}
