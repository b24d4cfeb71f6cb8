import ClusterModel
import Responsibility

/// What would happen to a node if a table of our own took the place of what enforces the cluster address there.
public struct MigrationCheck: Hashable, Sendable, Encodable {
    /// The node.
    public let node: String
    /// What enforces the address now.
    public let driver: String?
    /// Whether `clusterip migrate` can do it by itself.
    public let isPossible: Bool
    /// What would happen to its clients.
    public let effect: String
    /// What to do beside it, in order.
    public let advice: [String]

    /// What would happen to each node of a cluster.
    public static func all(_ snapshot: ClusterSnapshot) -> [MigrationCheck] {
        snapshot.nodes.map { MigrationCheck($0, snapshot.configuration) }
    }

    private init(_ status: NodeStatus, _ cluster: ClusterConfiguration) {
        node = status.name
        driver = status.sample?.driver
        guard let sample = status.sample else {
            isPossible = false
            effect = "not known: it says nothing of \(cluster.address)"
            advice = []
            return
        }
        let words = MigrationWords(status, sample, cluster)
        (isPossible, effect, advice) = (words.isPossible, words.effect, words.advice)
    }
}

private struct MigrationWords {
    let status: NodeStatus
    let sample: ClusterSample
    let cluster: ClusterConfiguration

    init(_ status: NodeStatus, _ sample: ClusterSample, _ cluster: ClusterConfiguration) {
        (self.status, self.sample, self.cluster) = (status, sample, cluster)
    }

    private var isOurs: Bool { sample.capabilities.can(.membership) }
    private var obstacle: DriverObstacle? { status.obstacle(driver: nil, to: cluster) }
    private var placesAlike: Bool {
        sample.configuration.scheme.placesAlike(cluster.scheme, family: cluster.address.family)
    }

    var isPossible: Bool {
        !isOurs && sample.capabilities.can(.migrating) && obstacle == nil && placesAlike && cluster.mac != .unknown
    }

    var effect: String {
        if isOurs { return "none: it has a table of ours" }
        if !placesAlike {
            return "clients would change their nodes: it places flows by \(sample.configuration.schemeText)"
        }
        if cluster.address.family == .v6 { return "our tables have no IPv6 addresses" }
        let kept = sample.ownership.accepting
        let stay = "and \(kept.named) \(kept.count == 1 ? "stays" : "stay") here"
        if case .nft = sample.configuration.scheme {
            return
                "no flow would change its node, \(stay); a TCP connection "
                + "that the kernel does not track breaks once"
        }
        return
            "no flow would change its node; connections live on, \(stay)"
    }

    var advice: [String] {
        if isOurs { return [] }
        if let obstacle { return ["in the way: \(obstacle.sentence)"] }
        switch sample.driver {
        case "xt_cluster": return xtCluster
        case "IPaddr2": return pacemaker
        case "ipt_CLUSTERIP": return clusterIP
        default: return []
        }
    }

    private var command: String { "clusterip migrate \(status.name)" }

    private var xtCluster: [String] {
        let first =
            sample.capabilities.can(.migrating)
            ? command
            : "write its rules with iptables-nft, delete those of iptables-legacy, then: \(command)"
        return [
            first,
            "take the lines with `-m cluster` and the drop for \(cluster.address) out of what restores rules at boot, and the "
                + "`ip maddress` and arptables commands",
            "the way back: the commands that made the rules, then `clusterip leave \(status.name)` once it owns nothing",
        ]
    }

    private var pacemaker: [String] {
        [
            "while Pacemaker manages the resource, nothing is changed behind its back",
            "crm_resource --meta --set-parameter is-managed --parameter-value false --resource NAME, the clone with "
                + "ip=\(cluster.address)",
            "on \(status.name): clusterip-agent's method install with its buckets \(sample.ownership.accepting.description), "
                + "then `nft delete table ip IPaddr2_…`",
            "delete the resource from the configuration, never by stopping it: that takes the address away",
        ]
    }

    private var clusterIP: [String] {
        [
            "give its buckets to nodes that stay: clusterip drain \(status.name); each connection there breaks once",
            "boot a kernel of 6.3 or later, without the rules of iptables-legacy",
            "clusterip join \(status.name), then: clusterip restore \(status.name)",
        ]
    }
}
