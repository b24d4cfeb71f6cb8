/// Where an agent is and how it is reached; `ssh` is to join these.
public enum LinkTarget: Hashable, Sendable {
    /// On this machine, in this network namespace.
    case local
    /// In the network namespace of a process of this machine, and in its user namespace too if `user`.
    case namespace(pid: Int32, user: Bool)

    /// The command that runs an agent there, found at this path.
    public func arguments(agent: String, options: [String] = []) -> [String] {
        enter + [agent] + options
    }

    /// The command words in front of any program to run it there.
    public var enter: [String] {
        switch self {
        case .local: []
        case .namespace(let pid, let user):
            ["nsenter"] + (user ? ["--user=/proc/\(pid)/ns/user", "--preserve-credentials"] : [])
                + ["--net=/proc/\(pid)/ns/net", "--"]
        }
    }
}
