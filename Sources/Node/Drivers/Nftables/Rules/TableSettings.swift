import ClusterModel
import NodeDriver
import Responsibility

/// Settings that our tables enforce: IPv4 addresses, with a mode of ipt_CLUSTERIP, or as xt_cluster and IPaddr2 place flows.
package struct TableSettings: Hashable, Sendable {
    /// The settings; the scheme is in the words of ipt_CLUSTERIP or of xt_cluster.
    let configuration: ClusterConfiguration
    /// The cluster address.
    let address: IPv4Address
    /// What is hashed, over how many buckets and with which seed.
    let placement: Placement
    /// Whether the source address is hashed as it is on the wire, as xt_cluster does; otherwise as a number of the host.
    let isOnWire: Bool

    /// Throws `.notSupported` for any other settings.
    init(_ configuration: ClusterConfiguration) throws(DriverError) {
        guard let match = configuration.scheme.asClusterMatch, match.generation == .lookup3,
            match.byteOrder == .little
        else {
            let settings = try ClusterIPSettings(configuration)
            (self.configuration, address, placement) = (configuration, settings.address, settings.placement)
            isOnWire = false
            return
        }
        guard case .v4(let address) = configuration.address else { throw .cannotEnforce(configuration) }
        var settings = configuration
        settings.scheme = .clusterMatch(match)
        self.configuration = settings
        self.address = address
        placement = Placement(mode: .sourceIP, bucketCount: match.bucketCount, seed: match.seed)
        isOnWire = true
    }

    /// The word for what is hashed: a mode of ipt_CLUSTERIP, or "cluster-match".
    var mode: String { configuration.scheme.name }

    /// The scheme for such a word; nil for any other.
    package static func scheme(mode: String, bucketCount: UInt32, seed: UInt32) -> HashScheme? {
        let match = HashScheme.clusterMatch(ClusterMatch(bucketCount: bucketCount, seed: seed))
        if mode == match.name { return match }
        return HashMode(rawValue: mode).map {
            .clusterIP(Placement(mode: $0, bucketCount: bucketCount, seed: seed))
        }
    }
}
