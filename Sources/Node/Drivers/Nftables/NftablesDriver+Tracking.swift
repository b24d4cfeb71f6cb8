import CNetfilter
import ClusterModel
import Glibc
import LinuxNode
import NodeDriver
import Responsibility

/// Connections from before a table: the kernel remembers none as long as no rule asks for them.
extension NftablesDriver {
    private static func trackingTable(_ address: IPv4Address) -> String {
        "tracking_" + String(address.description.map { $0 == "." ? "_" : $0 })
    }

    /// Makes a table whose one rule asks for each packet's connection and decides nothing; false when it is there.
    public func beginTracking(_ configuration: ClusterConfiguration) throws(DriverError) -> Bool {
        guard let address = configuration.address.v4 else { return false }
        let name = Self.trackingTable(address)
        do throws(KernelError) {
            guard try !RulesetReader(socket: socket).tables(family: AF_INET).contains(name) else { return false }
            var batch = Batch(socket, generation: 0)
            batch.addTable(name, family: AF_INET)
            let rule = Rule(comment: "asks for the connection", expressions: [.connection(NFT_CT_STATE, .scratch)])
            batch.addChain(
                Chain(
                    name: "prerouting", hook: .init(number: UInt32(NF_INET_PRE_ROUTING.rawValue), priority: 0),
                    rules: [rule]),
                table: name, family: AF_INET)
            try batch.commit()
            view = nil
            return true
        } catch {
            throw .kernel(error, doing: "tracking the connections of \(address)")
        }
    }

    /// Removes that table; one that is not there is no matter.
    func endTracking(_ address: IPv4Address) {
        let name = Self.trackingTable(address)
        guard (try? RulesetReader(socket: socket).tables(family: AF_INET).contains(name)) == true else { return }
        var batch = Batch(socket, generation: 0)
        batch.deleteTable(name, family: AF_INET)
        try? batch.commit()
        view = nil
    }
}
