import ClusterModel

extension BootFinding {
    func evidence(_ finding: Finding) -> String {
        let node = finding.subject
        switch self {
        case .guardMissing(let address): return "\(node) has no guard for \(address)"
        case .addressForeign(let address, let interface):
            return "it was not clusterip that put \(address) on \(interface) of \(node): it was there before the table"
        case .notAtBoot(let address): return "nothing makes \(node) a member of \(address) when it boots"
        }
    }

    var effect: String {
        switch self {
        case .guardMissing: "none now; when the ruleset is flushed or loaded anew, the node answers clients of others"
        case .addressForeign:
            "none now; whatever put the address there can do so at the next boot before there is a table, and answer everybody"
        case .notAtBoot: "none now; after a boot the node has neither table nor address, and answers nobody"
        }
    }

    /// In at most eleven letters.
    var tag: String {
        switch self {
        case .guardMissing: "no guard"
        case .addressForeign: "own address"
        case .notAtBoot: "not at boot"
        }
    }
}
