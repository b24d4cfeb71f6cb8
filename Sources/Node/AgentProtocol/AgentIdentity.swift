import ClusterModel

/// How an agent introduces itself.
public struct AgentIdentity: Hashable, Sendable, Codable {
    /// The protocol that this code speaks; an agent of another number is refused.
    public static let currentProtocol = 4

    /// The number of the protocol the agent speaks.
    public var protocolVersion: Int
    /// The agent's own version.
    public var version: String
    /// The host name, as the agent sees it.
    public var host: String
    /// The boot and the network namespace, of which there is no second one; nil from an agent that does not tell.
    public var machine: String?
    /// The kernel's release, as `uname -r` prints it.
    public var kernel: String
    /// The drivers that can work there, each with what it can do; the first makes a node a member unless another is named.
    public var drivers: [DriverDescription]
    /// Whether it refuses every change.
    public var readOnly: Bool

    /// An identity from its parts.
    public init(
        protocolVersion: Int = currentProtocol, version: String, host: String,
        machine: String? = nil, kernel: String, drivers: [DriverDescription], readOnly: Bool
    ) {
        self.protocolVersion = protocolVersion
        self.version = version
        self.host = host
        self.machine = machine
        self.kernel = kernel
        self.drivers = drivers
        self.readOnly = readOnly
    }

    enum CodingKeys: String, CodingKey {
        case protocolVersion = "protocol"
        case version, host, machine, kernel, drivers
        case readOnly = "read_only"
    }
}
