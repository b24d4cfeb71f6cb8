import Responsibility

/// How a node is kept silent when the table of a cluster address is missing.
public enum GuardState: String, Hashable, Sendable, Codable {
    /// By nothing: the node would answer everybody.
    case missing
    /// By tables that other programs can take away.
    case plain
    /// By tables that a process holds, so that nobody else can.
    case held
}

/// What a node says of its next boot, and of guards.
public struct BootFacts: Hashable, Sendable, Codable {
    /// The cluster addresses of which a guard stands, whether they have a table or not.
    public var guarded: [IPAddress]
    /// The cluster addresses of which the node becomes a member by itself when it boots; nil where systemd does not boot it,
    /// or does not tell.
    public var members: [IPAddress]?

    /// Facts from their parts.
    public init(guarded: [IPAddress] = [], members: [IPAddress]? = nil) {
        self.guarded = guarded
        self.members = members
    }
}
