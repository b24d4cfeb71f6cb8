import ClusterModel

extension LinkFailure.Cause {
    /// What OpenSSH, sudo, shells, nsenter and the agent say, and what it means; the first that fits counts.
    ///
    /// Source: OpenSSH's sshconnect.c, sudo's messages, strerror. A node whose sudo speaks another language is not understood.
    private static let phrases: [(cause: Self, phrases: [String])] = [
        (.hostKey, ["Host key verification failed", "REMOTE HOST IDENTIFICATION"]),
        (.login, ["Permission denied (", "Too many authentication failures"]),
        (.hostName, ["Could not resolve hostname"]),
        (.noListener, ["Connection refused"]),
        (.sudoRule, ["password is required", "terminal is required", "not in the sudoers", "not allowed to execute"]),
        (.noSudo, ["sudo: command not found", "sudo: not found"]),
        (
            .noAgent,
            [
                "command not found", "clusterip-agent: No such file", "clusterip-agent: not found",
                "start clusterip-agent",
            ]
        ),
        (.noNamespace, ["/ns/net: No such file"]),
        (.notPermitted, ["Operation not permitted", "does not permit", "CAP_NET_ADMIN"]),
        (.diskFull, ["No space left"]),
        (.network, ["timed out", "No route to host", "Network is unreachable", "lost connection", "not responding"]),
    ]

    /// What the words of programs between here and an agent mean.
    init(words: String) {
        self = Self.phrases.first { $0.phrases.contains { words.contains($0) } }?.cause ?? .unknown
    }
}

extension LinkFailure {
    /// The end of a program that carried a link, by its last words.
    package static func ended(_ end: End, words: String?) -> LinkFailure {
        let words = words?.madeSafe(limit: 250)
        return .ended(Ending(words.map(Cause.init(words:)) ?? .unknown, end, words: words))
    }
}
