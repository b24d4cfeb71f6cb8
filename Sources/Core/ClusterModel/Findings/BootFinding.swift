import Responsibility

/// What a node will do wrong when it loses its table or boots.
public enum BootFinding: Hashable, Sendable {
    /// No guard keeps the node silent when the table is missing.
    case guardMissing(IPAddress)
    /// Something else than clusterip put the address on the interface, so that it can be there before the table.
    case addressForeign(IPAddress, interface: String)
    /// Nothing makes the node a member when it boots.
    case notAtBoot(IPAddress)

    /// The stable name.
    public var code: String {
        switch self {
        case .guardMissing: "guard_missing"
        case .addressForeign: "address_foreign"
        case .notAtBoot: "not_at_boot"
        }
    }

    /// How bad it is; a node that is no member after a boot answers nothing.
    public var severity: Finding.Severity {
        switch self {
        case .guardMissing, .addressForeign: .warning
        case .notAtBoot: .notice
        }
    }
}

extension ClusterSnapshot {
    /// What a member lacks for the moment in which its table is gone; nothing is found where nothing is told.
    func bootFindings(_ node: NodeStatus, _ sample: ClusterSample) -> [Finding] {
        let (address, interface) = (sample.configuration.address, sample.configuration.interface)
        var found: [Finding] = []
        if sample.health.guardState == .missing {
            found.append(
                Finding(.boot(.guardMissing(address)), node: node.name, remedy: .reinstall(node: node.name)))
        }
        if sample.health.addressIsForeign == true {
            found.append(
                Finding(
                    .boot(.addressForeign(address, interface: interface)), node: node.name,
                    remedy: .unconfigure(
                        address, sample.configuration.prefixLength, interface: interface, node: node.name)))
        }
        // The units are those of members with a table of ours, which has a guard.
        if node.isBootMember == false, sample.health.guardState != nil {
            found.append(
                Finding(
                    .boot(.notAtBoot(address)), node: node.name,
                    remedy: .enableAtBoot(address, cluster: sample.configuration.name, node: node.name)))
        }
        return found
    }
}
