/// What an agent says of itself and of its machine when it introduces itself; all of it is made safe for a terminal.
public struct HostIdentity: Hashable, Sendable {
    /// The host's name.
    public var name: String
    /// The boot and the network namespace, of which there is no second one; nil when the agent does not tell.
    public var machine: String?
    /// The kernel's release, as `uname -r` prints it.
    public var kernel: String?
    /// The agent's version.
    public var agentVersion: String?

    /// An identity from its parts.
    public init(name: String, machine: String? = nil, kernel: String? = nil, agentVersion: String? = nil) {
        self.name = name
        self.machine = machine
        self.kernel = kernel
        self.agentVersion = agentVersion
    }
}
