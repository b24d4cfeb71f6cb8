import CNetfilter
import ClusterModel
import Glibc
import LinuxNode
import NodeDriver
import Responsibility

/// Counts packets beside ipt_CLUSTERIP, on kernels that have both.
extension NftablesDriver: PacketObserver {
    /// What was counted of each bucket; nil when nobody counts by these settings.
    public func counted(_ configuration: ClusterConfiguration) throws(DriverError) -> [BucketCounters]? {
        guard let observer = Self.observer(configuration) else { return nil }
        do throws(KernelError) {
            let arrived = try counts(observer, observer.arrived)
            let accepted = try counts(observer, observer.accepted)
            return observer.keys.map {
                BucketCounters(arrived: arrived[$0] ?? PacketCount(), accepted: accepted[$0] ?? PacketCount())
            }
        } catch {
            guard error.number != ENOENT else { return nil }
            throw .kernel(error, doing: "reading what was counted of \(configuration.address)")
        }
    }

    /// Makes the table that counts, in the place of one that counted by other settings.
    public func observe(_ configuration: ClusterConfiguration) throws(DriverError) {
        guard let observer = Self.observer(configuration) else { throw DriverError.cannotEnforce(configuration) }
        try endObserving(configuration.address)
        do throws(KernelError) {
            var batch = Batch(socket, generation: 0)
            batch.create(observer)
            try batch.commit()
        } catch {
            throw .kernel(error, doing: "counting the packets of \(configuration.address)")
        }
        view = nil
    }

    /// Removes that table; one that is not there is no matter.
    public func endObserving(_ address: IPAddress) throws(DriverError) {
        guard let address = address.v4 else { return }
        do throws(KernelError) {
            var batch = Batch(socket, generation: 0)
            batch.deleteTable(ObserverTable.name(address), family: AF_INET)
            try batch.commit()
        } catch {
            guard error.number != ENOENT else { return }
            throw .kernel(error, doing: "removing the table that counts the packets of \(address)")
        }
        view = nil
    }

    private static func observer(_ configuration: ClusterConfiguration) -> ObserverTable? {
        (try? TableSettings(configuration)).map(ObserverTable.init)
    }

    private func counts(_ observer: ObserverTable, _ set: String) throws(KernelError) -> [Int: PacketCount] {
        var found: [Int: PacketCount] = [:]
        var shape: ElementShape?
        try RulesetReader(socket: socket).dumpElements(table: observer.name, set: set, restart: { found = [:] }) {
            ElementShape.read($0, &shape) { found[$0] = $1 }
        }
        return found
    }
}
