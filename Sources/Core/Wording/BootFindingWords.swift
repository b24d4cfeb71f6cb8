import ClusterModel

extension BootFinding {
    func evidence(_ finding: Finding) -> String {
        let node = finding.subject
        switch self {
        case .guardMissing(let address): return "\(node) has no guard for \(address)"
        case .addressForeign(let address, let interface):
            return "on \(node) the operating system's own configuration put \(address) on \(interface)"
        case .notAtBoot(let address): return "nothing makes \(node) a member of \(address) when it boots"
        }
    }

    var effect: String {
        switch self {
        case .guardMissing: "none now; when the ruleset is flushed or loaded anew, the node answers clients of others"
        case .addressForeign:
            "none now; at the next boot the address may be there before the table, and answer everybody"
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
