import CNetfilter
import ClusterModel
import Glibc
import LinuxNode
import NodeDriver
import Responsibility

/// What a node does by itself when it boots, or when its ruleset was loaded anew.
extension NftablesDriver {
    /// What came of it.
    package enum Preparation: Hashable, Sendable {
        /// Everything was there.
        case complete
        /// The table was there; MAC or address were made good.
        case completed
        /// The node is a member now.
        case made
        /// There is no such interface yet; whether the table was made now.
        case waiting(isNew: Bool)

        /// Whether the table was made now.
        package var isNew: Bool { self == .made || self == .waiting(isNew: true) }
    }

    /// Makes the node a member that owns nothing, unless it is one: then ownership and settings stay as the kernel has them.
    ///
    /// The table comes first, also when there is no interface yet; MAC and address follow when this is done again.
    package func prepare(_ configuration: ClusterConfiguration) throws(DriverError) -> Preparation {
        try ConfigurationCheck.check(configuration)
        if let there = try self.configuration(of: configuration.address) {
            guard let interface = links.interface(there.interface) else { return .waiting(isNew: false) }
            guard try isLacking(there, interface: interface.index) else { return .complete }
            try rebuild(there, from: nil, keeping: true)
            return .completed
        }
        guard links.interface(configuration.interface) != nil else {
            let table = BucketTable(settings: try TableSettings(configuration), layout: newLayout)
            try createTables(StoredConfiguration(table), owned: [])
            return .waiting(isNew: true)
        }
        try install(configuration, owned: [])
        return .made
    }

    private func isLacking(
        _ configuration: ClusterConfiguration, interface index: Int32
    ) throws(DriverError) -> Bool {
        guard let address = configuration.address.v4 else { return false }
        do throws(KernelError) {
            return try !links.carries(address, interface: index)
                || !links.hasJoined(configuration.mac, interface: index)
        } catch { throw .kernel(error, doing: "reading the addresses of \(configuration.interface)") }
    }

    /// What is to become of a plain guard, beside a table that is made: it is needed where no process holds one.
    struct PlainGuard {
        var table: GuardTable
        var isNeeded: Bool
        /// The families in which there is one.
        var there: [Int32]
    }

    /// Looks at the guards that there are; two would cost each packet twice.
    func plainGuard(of table: BucketTable, _ reader: RulesetReader) throws(KernelError) -> PlainGuard {
        let guardTable = table.guardTable
        let guards = try FoundGuards(reader, tables: reader.tables(family: AF_INET))
        return PlainGuard(
            table: guardTable, isNeeded: guards.state(of: guardTable) != .held,
            there: try tableFamilies(guardTable.name(.plain)))
    }

    /// Makes the plain guard, in place of one that is there.
    package func makeGuard(_ table: GuardTable) throws(DriverError) {
        do throws(KernelError) {
            var batch = Batch(socket, generation: 0)
            batch.create(table, .plain, inPlaceOf: try tableFamilies(table.name(.plain)))
            try batch.commit()
        } catch { throw .kernel(error, doing: "making the guard of \(table.address)") }
    }

    /// Takes the guard away in both forms; one that another process holds stays.
    package func removeGuards(_ table: GuardTable) throws(DriverError) {
        for form in GuardTable.Form.allCases {
            do throws(KernelError) {
                let families = try tableFamilies(table.name(form))
                guard !families.isEmpty else { continue }
                var batch = Batch(socket, generation: 0)
                for family in families { batch.deleteTable(table.name(form), family: family) }
                try batch.commit()
            } catch {
                guard error.number == EPERM, form == .held else {
                    throw .kernel(error, doing: "removing the guard of \(table.address)")
                }
                throw DriverError(.busy, "A process holds the guard of \(table.address); end it first.")
            }
        }
    }
}

extension Batch {
    /// Adds a plain guard where it is needed, and takes one away that is not.
    mutating func put(_ plain: NftablesDriver.PlainGuard) {
        guard !plain.isNeeded else { return create(plain.table, .plain, inPlaceOf: plain.there) }
        for family in plain.there { deleteTable(plain.table.name(.plain), family: family) }
    }
}
