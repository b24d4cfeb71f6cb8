/// Where an agent is and how it is reached.
public enum LinkTarget: Hashable, Sendable {
    /// On this machine, in this network namespace.
    case local
    /// In the network namespace of a process of this machine, and in its user namespace too if `user`.
    case namespace(pid: Int32, user: Bool)
    /// On another machine.
    case ssh(SSHTarget)

    /// Whether it is another machine, whose programs may not end when this side goes.
    public var isRemote: Bool { if case .ssh = self { true } else { false } }

    /// The command that runs an agent there; the path is that of the agent on this machine.
    public func arguments(agent: String) -> [String] {
        switch self {
        case .local, .namespace: arguments(running: [agent])
        case .ssh(let target): arguments(running: [target.agent])
        }
    }

    /// The command that runs a program there, whose words are made of letters, digits and `./-_`.
    public func arguments(running words: [String]) -> [String] {
        switch self {
        case .local: words
        case .namespace(let pid, let user):
            ["nsenter"] + (user ? ["--user=/proc/\(pid)/ns/user", "--preserve-credentials"] : [])
                + ["--net=/proc/\(pid)/ns/net", "--"] + words
        case .ssh(let target): target.arguments(running: words)
        }
    }
}
