/// Where an agent is and how it is reached.
public enum LinkTarget: Hashable, Sendable {
    /// On this machine, in this network namespace.
    case local
    /// In the network namespace of a process of this machine, and in its user namespace too if `user`.
    case namespace(pid: Int32, user: Bool)
    /// On another machine.
    case ssh(SSHTarget)

    /// The command that runs an agent there; the path is that of the agent on this machine.
    public func arguments(agent: String) -> [String] {
        switch self {
        case .local: [agent]
        case .namespace(let pid, let user):
            ["nsenter"] + (user ? ["--user=/proc/\(pid)/ns/user", "--preserve-credentials"] : [])
                + ["--net=/proc/\(pid)/ns/net", "--", agent]
        case .ssh(let target): target.arguments
        }
    }
}
