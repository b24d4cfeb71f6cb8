import Responsibility

/// Puts what is wrong with one node's interface, address or MAC into findings.
struct HealthReport {
    /// The node.
    var node: NodeStatus
    /// Its last sample.
    var sample: ClusterSample

    /// The interface's name.
    var interface: String { sample.configuration.interface }

    /// The same as a word of a command; Linux allows names such as `$(id)`.
    private var quotedInterface: String { ShellWord.quoted(interface) }

    private var isIdle: Bool { sample.ownership.accepting.isEmpty }

    private var unanswered: String {
        isIdle ? "none now, since it answers no bucket" : "clients in this node's buckets get no answer"
    }

    var interfaceDown: Finding {
        finding("interface_down", "\(interface) is down", remedy: "on \(node.name): ip link set \(quotedInterface) up")
    }

    var macMissing: Finding {
        let mac = sample.configuration.mac
        return finding(
            "mac_missing", "\(interface) does not listen to \(mac)",
            effect: isIdle ? unanswered : "the network card may drop every packet for the cluster: " + unanswered,
            remedy: "on \(node.name): ip maddress add \(mac) dev \(quotedInterface)")
    }

    func addressMissing(_ address: IPAddress) -> Finding {
        let carried = "\(address)/\(sample.configuration.prefixLength)"
        return finding(
            "address_missing", "\(interface) does not carry \(address)",
            remedy: "on \(node.name): ip address add \(carried) dev \(quotedInterface)")
    }

    /// A finding about the node; critical when clients notice it, be it at this node or, with `hurtsOthers`, elsewhere.
    ///
    /// Without an effect it is the usual one, that clients of the node's buckets get no answer.
    func finding(
        _ code: String, _ evidence: String, effect: String? = nil, remedy: String, hurtsOthers: Bool = false
    ) -> Finding {
        Finding(
            code: code, severity: isIdle && !hurtsOthers ? .warning : .critical, node: node.name,
            buckets: sample.ownership.accepting, evidence: "\(node.name): \(evidence)", effect: effect ?? unanswered,
            remedy: remedy)
    }
}
