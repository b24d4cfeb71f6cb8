/// What ends the silence of a node, from the words in which its link said why.
public enum LinkRemedy {
    /// Words of OpenSSH, sudo, shells, nsenter and the agent, and what each asks for; the first that fits counts.
    private static let remedies: [(words: [String], remedy: @Sendable (String) -> String)] = [
        (["speaks protocol"], { "install the same version of clusterip-agent on \($0) as here" }),
        (
            ["Host key verification failed", "REMOTE HOST IDENTIFICATION"],
            { "log in to \($0) once with ssh and compare its host key; if it rightly changed: ssh-keygen -R" }
        ),
        (
            ["Permission denied (", "Too many authentication failures"],
            { "let ssh log in to \($0) without a question: ssh-copy-id, and ssh-agent for a key with a passphrase" }
        ),
        (["Could not resolve hostname"], { "correct the host name of \($0) in the cluster file, or in DNS" }),
        (["Connection refused"], { "start sshd on \($0), or correct its port in the cluster file" }),
        (
            ["password is required", "terminal is required", "not in the sudoers", "not allowed to execute"],
            { "allow the user clusterip-agent without a password (NOPASSWD) in the sudoers file of \($0)" }
        ),
        (["sudo: command not found", "sudo: not found"], { "install sudo on \($0), or log in as root instead" }),
        (
            [
                "command not found", "clusterip-agent: No such file", "clusterip-agent: not found",
                "start clusterip-agent",
            ],
            { "copy clusterip-agent to the PATH of \($0), or name its path with agent: in the cluster file" }
        ),
        (
            ["/ns/net: No such file"],
            { "start \($0) again, or correct its process id in the cluster file" }
        ),
        (
            ["Operation not permitted", "does not permit", "CAP_NET_ADMIN"],
            { "let the agent run as root on \($0): sudo: true in the cluster file" }
        ),
        (["No space left"], { "make room on the disk of \($0)" }),
        (
            ["timed out", "No route to host", "Network is unreachable", "lost connection", "not responding"],
            { "see whether \($0) runs and the network to it works; it is tried again by itself" }
        ),
        (
            ["hangs", "nothing heard", "no sample for"],
            { "see whether \($0) is overloaded or stopped; the link is opened anew by itself" }
        ),
        (
            ["no JSON-RPC message", "line without end", "the agent sent"],
            { "see what runs as clusterip-agent on \($0), and whether a login script there prints text" }
        ),
        (["the agent ended"], { "none yet: it is started again; if it keeps ending, run it on \($0) by hand" }),
    ]

    /// One sentence that says what to do about a node that is not heard.
    public static func sentence(node: String, reason: String?) -> String {
        let reason = reason ?? ""
        let known = remedies.first { $0.words.contains { contains(reason, $0) } }
        return known?.remedy(node) ?? "look at \(node) and the link to it"
    }

    private static func contains(_ text: String, _ part: String) -> Bool {
        var rest = text.utf8[...]
        while rest.count >= part.utf8.count {
            if rest.starts(with: part.utf8) { return true }
            rest = rest.dropFirst()
        }
        return false
    }
}
