import ClusterModel
import NodeDriver
import Responsibility

/// What the comment of the set says that describes the cluster: the settings, so that the kernel alone describes the cluster, and what the
/// installation added to the interface, so that its removal takes away no more than that.
package struct StoredConfiguration: Hashable {
    /// The tables.
    var table: BucketTable
    /// The settings.
    var configuration: ClusterConfiguration { table.configuration }
    /// The installation added the cluster address to the interface.
    var madeAddress = false
    /// The installation added the cluster MAC to the interface's multicast list.
    var madeMAC = false

    /// The tables of an installation that has added nothing to the interface.
    init(_ table: BucketTable) { self.table = table }
}

extension StoredConfiguration: LosslessStringConvertible {
    /// The text, such as `10.8.0.1/16 dev eth0 mac 01:00:5e:00:00:20 mode sourceip buckets 16 seed 42 made address,mac name web`.
    package var description: String {
        let made = [
            madeAddress ? "address" : nil, madeMAC ? "mac" : nil, configuration.joinsGroup ? "group" : nil,
        ].compactMap { $0 }.joined(separator: ",")
        return "\(configuration.address)/\(configuration.prefixLength) dev \(configuration.interface)"
            + " mac \(configuration.mac) mode \(table.settings.mode) buckets \(configuration.bucketCount)"
            + " seed \(table.placement.seed) made \(made.isEmpty ? "nothing" : made) name \(configuration.name)"
    }

    /// Reads the text; nil when anything is missing, unknown or not valid.
    package init?(_ description: String) {
        let words = description.split(separator: " ", maxSplits: 14, omittingEmptySubsequences: false).map(String.init)
        let keys = ["dev", "mac", "mode", "buckets", "seed", "made", "name"]
        guard words.count == 15, keys.indices.allSatisfy({ words[2 * $0 + 1] == keys[$0] }) else { return nil }
        let network = words[0].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard network.count == 2, let address = IPv4Address(network[0]), let prefix = Int(network[1]),
            let mac = MACAddress(words[4]), let total = UInt32(words[8]), let seed = UInt32(words[10]),
            let scheme = TableSettings.scheme(mode: words[6], bucketCount: total, seed: seed)
        else { return nil }
        let made = words[12].split(separator: ",")
        let configuration = ClusterConfiguration(
            name: words[14], address: .v4(address), prefixLength: prefix, interface: words[2], mac: mac,
            scheme: scheme, joinsGroup: made.contains("group"))
        guard (try? ConfigurationCheck.check(configuration)) != nil,
            let settings = try? TableSettings(configuration)
        else { return nil }
        self.init(BucketTable(settings: settings))
        madeAddress = made.contains("address")
        madeMAC = made.contains("mac")
    }
}
