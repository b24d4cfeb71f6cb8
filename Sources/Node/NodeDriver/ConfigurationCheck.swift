import ClusterModel
import Responsibility

/// Whether settings can be right, by themselves, before any kernel is asked.
package enum ConfigurationCheck {
    /// Refuses a table that places flows neither as is expected nor as it is to; nil expects nothing.
    package static func check(
        _ found: ClusterConfiguration, is expected: HashScheme?, or wanted: HashScheme
    ) throws(DriverError) {
        guard let expected, found.scheme != expected, found.scheme != wanted else { return }
        throw DriverError(
            .otherSettings,
            "The table of \(found.address) places flows by \(found.schemeText), which is not what was expected; "
                + "nothing was changed: plan again.")
    }

    /// Throws `.badValue` with a sentence for the first setting that cannot be right.
    package static func check(_ configuration: ClusterConfiguration, owned: BucketSet = []) throws(DriverError) {
        try checkName(configuration.name)
        try checkAddress(configuration)
        try checkInterface(configuration.interface)
        guard configuration.mac.isMulticast, configuration.mac.number != 0xffff_ffff_ffff else {
            throw DriverError(
                .badValue,
                "The cluster MAC \(configuration.mac) is not a multicast address; the second hex digit must be odd, "
                    + "as in 01:00:5e:00:00:20.")
        }
        guard !configuration.joinsGroup || configuration.mac.group != nil else {
            throw DriverError(
                .badValue,
                "The cluster MAC \(configuration.mac) stands for no IGMP group; such a MAC begins with 01:00:5e, and its fourth "
                    + "octet is below 80.")
        }
        guard (1...BucketSet.maximumBucket).contains(configuration.bucketCount) else {
            throw DriverError(
                .badValue,
                "\(configuration.bucketCount) is not a number of buckets; it must be 1 to \(BucketSet.maximumBucket).")
        }
        try checkBuckets(owned, total: configuration.bucketCount)
    }

    /// Throws `.badValue` for the largest bucket when it is above N.
    package static func checkBuckets(_ buckets: some Sequence<Int>, total: Int) throws(DriverError) {
        for bucket in buckets where !(1...total).contains(bucket) {
            throw DriverError(.badValue, "Bucket \(bucket) does not exist; this cluster has the buckets 1 to \(total).")
        }
    }

    private static func checkName(_ name: String) throws(DriverError) {
        let allowed = name.utf8.allSatisfy { (0x20...0x7e).contains($0) && $0 != 0x22 && $0 != 0x5c }
        guard (1...40).contains(name.utf8.count), allowed else {
            throw DriverError(
                .badValue,
                "The cluster's name must be 1 to 40 printable ASCII characters without quotes and backslashes.")
        }
    }

    private static func checkAddress(_ configuration: ClusterConfiguration) throws(DriverError) {
        let address = configuration.address
        guard case .v4(let v4) = address, (1...223).contains(v4.number >> 24), v4.number >> 24 != 127 else {
            throw DriverError(
                .badValue,
                "\(address) cannot be a cluster address; it must be a unicast IPv4 address, such as 10.8.0.1.")
        }
        guard (1...32).contains(configuration.prefixLength) else {
            throw DriverError(
                .badValue, "/\(configuration.prefixLength) is not a prefix length for \(address); it must be 1 to 32.")
        }
    }

    private static func checkInterface(_ name: String) throws(DriverError) {
        let allowed = name.utf8.allSatisfy { (0x21...0x7e).contains($0) && ![0x22, 0x2a, 0x2f, 0x5c].contains($0) }
        guard (1...15).contains(name.utf8.count), allowed, name != ".", name != ".." else {
            throw DriverError(
                .badValue, "An interface's name has 1 to 15 printable characters without space, slash, quote and star.")
        }
    }
}

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
