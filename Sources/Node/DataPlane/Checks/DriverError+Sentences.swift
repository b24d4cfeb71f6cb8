import ClusterModel
import Responsibility

/// Sentences that every driver says alike.
extension DriverError {
    package static func noInterface(_ name: String, there names: [String]) -> Self {
        let hint = names.isEmpty ? "" : "; there are \(names.joined(separator: ", "))"
        return Self(.badValue, "There is no interface \(name) on this node\(hint).")
    }

    package static func cannotEnforce(_ configuration: ClusterConfiguration) -> Self {
        Self(
            .notSupported,
            "\(configuration.address) with the hash scheme \(configuration.scheme.name) cannot be enforced here; IPv4 "
                + "addresses can, with a mode of ipt_CLUSTERIP as Linux 4.1 and later hash on little-endian machines.")
    }

    package static func notInstalled(_ address: IPAddress) -> Self {
        Self(.notFound, "This node has no cluster address \(address); install it first.")
    }

    package static func alreadyInstalled(_ address: IPAddress) -> Self {
        Self(.alreadyExists, "The cluster address \(address) is installed here already; uninstall it first.")
    }

    package static func stillOwner(_ address: IPAddress, buckets: BucketSet) -> Self {
        Self(
            .stillOwner,
            "This node still owns bucket \(buckets.summary) of \(address), whose clients would get no answer; "
                + "drain it first.")
    }

    package static func stillNeeded(_ address: IPAddress, connections: Int) -> Self {
        Self(
            .stillOwner,
            "This node still keeps \(connections) connections of buckets of \(address) that it drains; "
                + "wait for their end, or settle it.")
    }
}
