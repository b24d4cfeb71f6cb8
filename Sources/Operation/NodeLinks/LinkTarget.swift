/// Where an agent is and how it is reached.
public enum LinkTarget: Hashable, Sendable {
    /// On this machine, in this network namespace.
    case local
    /// In the network namespace of this machine that is called `net` in a directory, and in `user` there, too, if `user`.
    ///
    /// It is looked up when a link is opened: a node that comes back has another one.
    /// Where a kernel runs in it that is another machine's, a program takes the command line and runs it there.
    case namespace(path: String, user: Bool, through: String? = nil)
    /// On another machine.
    case ssh(SSHTarget)

    /// The directory with the namespaces of a process of this machine.
    public static func namespaces(of pid: Int32) -> String { "/proc/\(pid)/ns" }

    /// Whether it is another machine, whose programs may not end when this side goes.
    public var isRemote: Bool {
        switch self {
        case .local, .namespace(_, _, nil): false
        case .namespace, .ssh: true
        }
    }

    /// The command that runs an agent there; the path is that of the agent on this machine.
    ///
    /// - Parameter isReadOnly: whether the agent is to refuse every change.
    public func arguments(agent: String, isReadOnly: Bool = false) -> [String] {
        let options = isReadOnly ? ["--read-only"] : []
        return switch self {
        case .local, .namespace: arguments(running: [agent] + options)
        case .ssh(let target): arguments(running: [target.agent] + options)
        }
    }

    /// The command that runs a program there, whose words are made of letters, digits and `./-_`.
    public func arguments(running words: [String]) -> [String] {
        switch self {
        case .local: words
        case .namespace(let path, let user, let runner):
            ["nsenter"] + (user ? ["--user=\(path)/user", "--preserve-credentials"] : [])
                + ["--net=\(path)/net", "--"] + (runner.map { [$0] } ?? []) + words
        case .ssh(let target): target.arguments(running: words)
        }
    }
}

/// A node reached over OpenSSH, whose own configuration (keys, jump hosts, aliases) is in force.
///
/// None of the parts can be taken for an option or reach a shell: they are made of letters, digits and a few marks.
public struct SSHTarget: Hashable, Sendable {
    /// The host name, address or alias.
    public let host: String
    /// The user; nil: as OpenSSH is configured.
    public let user: String?
    /// The port; nil: as OpenSSH is configured.
    public let port: UInt16?
    /// Whether the agent runs under `sudo -n`.
    public let usesSudo: Bool
    /// The agent's path on the node, or its name when it is on the `PATH` there.
    public let agent: String

    /// A target from its parts; nil when one of them has a character that it cannot have.
    public init?(
        host: String, user: String? = nil, port: UInt16? = nil, usesSudo: Bool = false,
        agent: String = "clusterip-agent"
    ) {
        guard Self.isPlain(host, marks: ".-_:%"), Self.isPlain(user ?? "x", marks: ".-_"),
            Self.isPlain(agent, marks: "./-_"),
            port != 0
        else { return nil }
        self.host = host
        self.user = user
        self.port = port
        self.usesSudo = usesSudo
        self.agent = agent
    }

    /// The command that runs a program there: no terminal, no questions, and a dead network noticed within seconds.
    func arguments(running words: [String]) -> [String] {
        let command = (usesSudo ? ["sudo", "-n"] : []) + words
        return ["ssh", "-T", "-e", "none", "-o", "BatchMode=yes", "-o", "ConnectTimeout=8"]
            + ["-o", "ServerAliveInterval=2", "-o", "ServerAliveCountMax=3"] + (port.map { ["-p", String($0)] } ?? [])
            + (user.map { ["-l", $0] } ?? []) + ["--", host, command.joined(separator: " ")]
    }

    private static func isPlain(_ text: String, marks: String) -> Bool {
        guard let first = text.unicodeScalars.first, first != "-", text.utf8.count <= 253 else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
                || marks.unicodeScalars.contains(scalar)
        }
    }
}
