import ClusterModel
import Responsibility

/// Why a driver could not do what was asked; nothing was changed.
public struct DriverError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error, for programs.
    public var code: FailureCode
    /// One sentence that names the value and what would be right.
    public var message: String

    /// An error with its sentence.
    public init(_ code: FailureCode, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The sentence.
    public var description: String { message }
}

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
                + "addresses can, with a mode of ipt_CLUSTERIP, or as xt_cluster, as Linux 4.1 and later hash on little-endian machines."
        )
    }

    package static func cannot(_ ability: Capabilities.Ability, driver: String) -> Self {
        let words =
            switch ability {
            case .membership: "make a node a member or end its membership"
            case .moving: "change which buckets the node owns"
            case .draining: "keep the connections of a bucket that it gives up"
            case .ignoring: "leave alone connections that another node keeps"
            case .migrating: "let a table of ours take the place of its rules"
            case .adopting: "reset connections that it never saw"
            case .marks: "keep operations' marks in the kernel"
            case .atomicSteps: "change several buckets at once"
            }
        return Self(.notSupported, "The driver \(driver) cannot \(words).")
    }

    package static func tooManyBuckets(_ count: Int, driver: DriverDescription) -> Self {
        Self(
            .notSupported,
            "The driver \(driver.name) has at most \(driver.capabilities.mostBuckets) buckets, not \(count).")
    }

    package static func expired(_ step: StepRequest) -> Self {
        Self(.expired, "The step \(step.operation) came to be carried out too late; what was left of it is not done.")
    }

    package static func noDriver(_ name: String, there names: [String]) -> Self {
        Self(
            .notSupported,
            "There is no driver \"\(name.madeSafe(limit: 40))\" on this node; there are \(names.joined(separator: ", "))."
        )
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
            "This node still owns \(buckets.named) of \(address), whose clients would get no answer; "
                + "drain it first.")
    }

    package static func stillNeeded(_ address: IPAddress, connections: Int) -> Self {
        Self(
            .stillOwner,
            "This node still keeps \(connections) connections of buckets of \(address) that it drains; "
                + "wait for their end, or settle it.")
    }
}

extension DriverDescription {
    /// Throws `.notSupported` when the driver cannot do something.
    package func require(_ ability: Capabilities.Ability) throws(DriverError) {
        guard capabilities.can(ability) else { throw .cannot(ability, driver: name) }
    }

    /// Throws `.notSupported` when the driver cannot enforce these settings.
    package func require(_ configuration: ClusterConfiguration) throws(DriverError) {
        switch capabilities.obstacle(to: configuration) {
        case .ability(let ability): throw .cannot(ability, driver: name)
        case .buckets(let count, _): throw .tooManyBuckets(count, driver: self)
        case .family, .counter: throw .cannotEnforce(configuration)
        case nil: return
        }
    }
}
