import ClusterModel
import Responsibility

/// Sentences that every driver says alike.
extension DriverError {
    static func noInterface(_ name: String, there names: [String]) -> Self {
        let hint = names.isEmpty ? "" : "; there are \(names.joined(separator: ", "))"
        return Self(.badValue, "There is no interface \(name) on this node\(hint).")
    }

    static func notInstalled(_ address: IPv4Address) -> Self {
        Self(.notFound, "This node has no cluster address \(address); install it first.")
    }

    static func alreadyInstalled(_ address: IPv4Address) -> Self {
        Self(.alreadyExists, "The cluster address \(address) is installed here already; uninstall it first.")
    }

    static func stillOwner(_ address: IPv4Address, buckets: BucketSet) -> Self {
        Self(
            .stillOwner,
            "This node still owns bucket \(buckets.summary) of \(address), whose clients would get no answer; "
                + "drain it first.")
    }

    static func stillNeeded(_ address: IPv4Address, connections: Int) -> Self {
        Self(
            .stillOwner,
            "This node still keeps \(connections) connections of buckets of \(address) that it drains; "
                + "wait for their end, or settle it.")
    }
}
