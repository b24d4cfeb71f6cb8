import ClusterModel
import Responsibility

/// Settings of an IPv4 address whose flows are placed by a mode of ipt_CLUSTERIP, as Linux 4.1 and later hash on
/// little-endian machines: what our own tables and the model of ipt_CLUSTERIP's node enforce.
package struct ClusterIPSettings: Hashable, Sendable {
    /// The settings.
    package let configuration: ClusterConfiguration
    /// The cluster address.
    package let address: IPv4Address
    /// How flows are placed in buckets.
    package let placement: Placement

    /// Throws `.notSupported` for any other settings.
    package init(_ configuration: ClusterConfiguration) throws(DriverError) {
        guard case .v4(let address) = configuration.address, case .clusterIP(let placement) = configuration.scheme,
            placement.generation == .lookup3, placement.byteOrder == .little
        else { throw .cannotEnforce(configuration) }
        self.configuration = configuration
        self.address = address
        self.placement = placement
    }
}
