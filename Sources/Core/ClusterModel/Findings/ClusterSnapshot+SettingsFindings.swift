import Responsibility

extension ClusterSnapshot {
    /// Settings in which a node differs from most.
    func settingsFindings(_ node: NodeStatus, _ own: ClusterConfiguration) -> [Finding] {
        let reshuffled = "its buckets are other clients than the other nodes': some get two answers, some none"
        let split = "clients that learn the one MAC are not heard by nodes that listen to the other"
        let all: [(code: String, what: String, own: String, others: String, effect: String)] = [
            ("mode_mismatch", "hash mode", own.scheme.name, configuration.scheme.name, reshuffled),
            ("total_mismatch", "total nodes", "\(own.bucketCount)", "\(configuration.bucketCount)", reshuffled),
            ("seed_mismatch", "seed", own.scheme.seedText, configuration.scheme.seedText, reshuffled),
            ("mac_mismatch", "cluster MAC", "\(own.mac)", "\(configuration.mac)", split),
        ]
        return all.filter { $0.own != $0.others }.map { setting in
            Finding(
                code: setting.code, severity: .critical, node: node.name,
                evidence: "\(node.name) has \(setting.what) \(setting.own), most nodes have \(setting.others)",
                effect: setting.effect, remedy: "clusterip reinstall \(node.name)")
        }
    }
}
