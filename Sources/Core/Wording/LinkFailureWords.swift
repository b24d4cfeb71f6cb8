import ClusterModel
import Responsibility

extension LinkFailure {
    /// One sentence that says why the node is not heard.
    public var sentence: String {
        switch self {
        case .ended(let ending): ending.sentence
        case .notReading: "the agent does not read what is sent to it"
        case .endlessLine: "the agent sent a line without end"
        case .unreadable(let words): words
        case .otherProtocol(let agent, let console):
            "its agent speaks protocol \(agent), this program \(console): install the same version on both"
        case .refused(_, let words): words
        case .driver(let failure): "its driver \(failure.driver) cannot say what it owns: \(failure.message)"
        case .silent(let seconds): "nothing heard for \(seconds) s: the agent or its link hangs"
        case .late(let seconds): "no sample for \(seconds) s"
        }
    }

    /// What to do about it, on this node.
    func remedy(_ node: String) -> String {
        switch self {
        case .ended(let ending): ending.remedy(node)
        case .notReading, .silent, .late:
            "see whether \(node) is overloaded or stopped; the link is opened anew by itself"
        case .endlessLine, .unreadable:
            "see what runs as clusterip-agent on \(node), and whether a login script there prints text"
        case .otherProtocol: "install the same version of clusterip-agent on \(node) as here"
        case .refused(.notPermitted, _): Cause.notPermitted.remedy(node)
        case .driver(let failure) where failure.code == .notPermitted: Cause.notPermitted.remedy(node)
        case .refused, .driver: "look at \(node) and the link to it"
        }
    }
}

extension LinkFailure.Ending {
    fileprivate var sentence: String {
        let how =
            switch end {
            case .notStarted: words == nil ? "the agent could not be started" : nil as String?
            case .exited(let status): "the agent ended (exit status \(status))"
            case .killed(let signal): "the agent ended (signal \(signal))"
            case .outputClosed: "the agent ended (it closed its output)"
            }
        return [how, words].compactMap(\.self).joined(separator: ": ")
    }

    fileprivate func remedy(_ node: String) -> String {
        guard cause == .unknown, end != .notStarted else { return cause.remedy(node) }
        return "none yet: it is started again; if it keeps ending, run it on \(node) by hand"
    }
}

extension LinkFailure.Cause {
    fileprivate func remedy(_ node: String) -> String {
        switch self {
        case .hostKey:
            "log in to \(node) once with ssh and compare its host key; if it rightly changed: ssh-keygen -R"
        case .login:
            "let ssh log in to \(node) without a question: ssh-copy-id, and ssh-agent for a key with a passphrase"
        case .hostName: "correct the host name of \(node) in the cluster file, or in DNS"
        case .noListener: "start sshd on \(node), or correct its port in the cluster file"
        case .network: "see whether \(node) runs and the network to it works; it is tried again by itself"
        case .sudoRule:
            "allow the user clusterip-agent without a password (NOPASSWD) in the sudoers file of \(node)"
        case .noSudo: "install sudo on \(node), or log in as root instead"
        case .noAgent:
            "copy clusterip-agent to the PATH of \(node), or name its path with agent: in the cluster file"
        case .noNamespace: "start \(node) again, or correct its namespace in the cluster file"
        case .notPermitted: "let the agent run as root on \(node): sudo: true in the cluster file"
        case .diskFull: "make room on the disk of \(node)"
        case .unknown: "look at \(node) and the link to it"
        }
    }
}

/// A call to an agent that has no answer.
public enum UnansweredCall: Hashable, Sendable {
    /// The link was not there; why not, when that is known.
    case notSent(LinkFailure?)
    /// There is no such node.
    case noNode(String)
    /// The node's clock is not known yet, and the call must expire by it.
    case unheard
    /// The link ended before the answer came.
    case linkEnded(LinkFailure)
    /// The answer did not come in time.
    case overdue

    /// One sentence that says why.
    public var sentence: String {
        switch self {
        case .notSent(let failure): failure?.sentence ?? "there is no link to the node's agent yet"
        case .noNode(let name): "there is no node \(name)"
        case .unheard: "the agent was not heard on this link yet"
        case .linkEnded(let failure): failure.sentence
        case .overdue: "the agent did not answer in time"
        }
    }
}

extension NodeStatus {
    /// Why nothing is known of the node, or nothing new, in a cluster with this address; nil when all is well.
    public func silence(_ address: IPAddress?) -> String? {
        guard state == .live, sample == nil else { return failure?.sentence }
        let name = address.map { " \($0)" } ?? ""
        return isBare ? "it carries\(name), but has no table for it" : "it carries no cluster address\(name)"
    }
}
