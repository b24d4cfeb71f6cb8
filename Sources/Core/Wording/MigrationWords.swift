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

    /// What would happen to each node of a cluster, whose live connections were counted by node and bucket.
    public static func all(
        _ snapshot: ClusterSnapshot, connections: [String: [Int: Int]] = [:]
    ) -> [MigrationCheck] {
        snapshot.nodes.map { MigrationCheck($0, snapshot, connections) }
    }

    private init(_ status: NodeStatus, _ snapshot: ClusterSnapshot, _ connections: [String: [Int: Int]]) {
        let cluster = snapshot.configuration
        node = status.name
        driver = status.sample?.driver
        guard let sample = status.sample else {
            isPossible = false
            effect = "not known: it says nothing of \(cluster.address)"
            advice = []
            return
        }
        let words = MigrationWords(status: status, sample: sample, snapshot: snapshot, connections: connections)
        (isPossible, effect, advice) = (words.isPossible, words.effect, words.advice)
    }
}

private struct MigrationWords {
    let status: NodeStatus
    let sample: ClusterSample
    let snapshot: ClusterSnapshot
    /// Live connections by node and bucket; a node that did not tell is missing.
    let connections: [String: [Int: Int]]

    private var cluster: ClusterConfiguration { snapshot.configuration }
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
        if let older {
            return
                "clients would change their nodes: its kernel has the jhash of \(older.kernels), and our tables that of "
                + "\(JhashGeneration.lookup3.kernels)"
        }
        if !placesAlike {
            return "clients would change their nodes: it places flows by \(sample.configuration.schemeText)"
        }
        if cluster.address.family == .v6 { return "our tables have no IPv6 addresses" }
        let kept = sample.ownership.accepting
        let stay = "and \(kept.named) \(kept.count == 1 ? "stays" : "stay") here"
        if sample.driver == "ipt_CLUSTERIP", !sample.capabilities.can(.migrating) {
            return
                "no flow would change its node for good; its kernel must be another one, and each connection breaks once"
        }
        if case .nft = sample.configuration.scheme {
            return
                "no flow would change its node, \(stay); a TCP connection "
                + "that says nothing while the kernel begins to track breaks once"
        }
        return
            "no flow would change its node; connections live on, \(stay)"
    }

    var advice: [String] {
        if isOurs {
            return wayBack
        }
        // Another kernel has other drivers.
        if sample.driver != "ipt_CLUSTERIP" || sample.capabilities.can(.migrating), let obstacle {
            return ["in the way: \(obstacle.sentence)"]
        }
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
            "the way back is printed by `clusterip migrate --check \(status.name)` then",
        ]
    }

    /// The rules first, then the end of our tables in one transaction: at every moment something decides, and the same.
    private var wayBack: [String] {
        let settings = sample.configuration
        guard settings.address.family == .v4, !sample.ownership.accepting.isEmpty else { return [] }
        let owned = sample.ownership.accepting
        func way(_ driver: String, _ name: String, _ rules: (DriverRemedy) -> String?) -> String? {
            rules(DriverRemedy(driver, settings.address)).map {
                "the way back to \(name): on \(status.name): \($0) && \(endOfTables)"
            }
        }
        let match = way("xt_cluster", "rules of iptables' match cluster, bucket by bucket as now") { remedy in
            settings.bucketCount > 32
                ? nil : remedy.writing(settings, owned: owned).map { "\($0); \(remedy.rewritingARP(settings))" }
        }
        let agent = way(
            "IPaddr2", "the rules that Pacemaker's IPaddr2 writes of a clone-max of \(settings.bucketCount)"
        ) {
            $0.agentRules(settings, owned: owned)
        }
        let target = way("ipt_CLUSTERIP", "iptables' target CLUSTERIP, on Linux up to 6.2") {
            $0.replacing(settings, owned: owned)
        }
        return [match, agent, target].compactMap(\.self)
    }

    private var endOfTables: String {
        let name = sample.configuration.address.description.split(separator: ".").joined(separator: "_")
        let tables = [
            "ip clusterip_\(name)", "arp clusterip_\(name)", "ip clusterip_guard_\(name)",
            "arp clusterip_guard_\(name)",
        ]
        return "nft \(ShellWord.quoted(tables.map { "delete table \($0)" }.joined(separator: "; ")))"
    }

    private var pacemaker: [String] {
        let isFree = sample.capabilities.can(.migrating)
        let stopping = [
            "crm_attribute --name maintenance-mode --update true",
            "on \(status.name): systemctl stop pacemaker; in maintenance that leaves the address and the rules where they are",
        ]
        return (isFree ? [] : stopping) + [
            "\(command); where it says that it tracks connections from now on, once more a minute later",
            "with all nodes over, and maintenance-mode still true: delete the clone with ip=\(cluster.address) from Pacemaker's "
                + "configuration, then `crm_resource --refresh`, then end maintenance-mode; never stop the resource, which takes the "
                + "address away",
            "the way back is printed by `clusterip migrate --check \(status.name)` then, or Pacemaker starts the clone again",
        ]
    }

    private var clusterIP: [String] {
        guard !sample.capabilities.can(.migrating) else {
            return [
                command,
                "take the line with `-j CLUSTERIP` for \(cluster.address) out of what restores rules at boot, and the writes to "
                    + "/proc/net/ipt_CLUSTERIP behind it",
                "the way back is printed by `clusterip migrate --check \(status.name)` then",
            ]
        }
        return older == nil ? kernelOfTables : kernelOfOtherHash
    }

    /// The jhash of the node's kernel when it is none that our tables have.
    private var older: JhashGeneration? {
        guard case .clusterIP(let placement) = sample.configuration.scheme, placement.generation != .lookup3 else {
            return nil
        }
        return placement.generation
    }

    /// The connections that some nodes keep now, in words.
    private func connections(of nodes: [String]) -> String {
        let known = nodes.compactMap { connections[$0] }
        guard known.count == nodes.count, !nodes.isEmpty else { return "connections, which could not be counted now" }
        let count = known.flatMap(\.values).saturatedSum
        return "\(count) connection\(count == 1 ? "" : "s")"
    }

    private var draining: String {
        "clusterip drain \(status.name) --force cannot-drain (and --force cannot-ignore where nodes that get its buckets have no "
            + "table of ours)"
    }

    /// A node leaves its kernel while the others answer: each step names whom it touches.
    private var kernelOfTables: [String] {
        [
            "\(draining): its \(connections(of: [status.name])) now break once, when clients send on; the plan says how many there are then",
            "boot a kernel of 6.3 or later, without the rules of iptables-legacy: touches nobody, since it owns nothing",
            "clusterip join \(status.name): touches nobody; it gets a table of ours",
            "clusterip restore \(status.name): touches nobody where the nodes that give its buckets back have tables of ours, which "
                + "keep connections; from other nodes each connection of those buckets breaks once more",
        ]
    }

    /// Nodes whose jhash differs must never own buckets at the same time: half of them wait until the others end.
    private var kernelOfOtherHash: [String] {
        let others = snapshot.nodes.filter { node in
            guard case .clusterIP(let placement)? = node.sample?.configuration.scheme else { return false }
            return placement.generation != .lookup3
        }.map(\.name)
        return [
            "on about half of the nodes with this jhash: \(draining): its \(connections(of: [status.name])) now break once",
            "boot a kernel of 6.3 or later there; such a node must own nothing as long as one of \(Lists.and(others)) does",
            "in one moment, on each node that is left: ip address del \(cluster.address)/\(sample.configuration.prefixLength) dev "
                + "\(ShellWord.quoted(sample.configuration.interface)); then on those that were booted: clusterip install, with every bucket: all "
                + "connections there are break once (\(connections(of: others)) now), and most clients get another node",
            "boot the others, then for each: clusterip join NODE, clusterip restore NODE: touches nobody",
        ]
    }
}

extension MigrationCheck {
    /// What would happen to a cluster that configuration describes, in a file of this name.
    public init(_ written: WrittenCluster, of file: String) {
        node = file
        driver = written.driver
        let address = written.address
        guard !written.isMixed else {
            (isPossible, effect) = (false, "\(address): its rules place flows in more than one way")
            advice = ["write rules with one seed and one number of buckets first"]
            return
        }
        guard let scheme = written.scheme, address.family == .v4 else {
            isPossible = false
            effect =
                address.family == .v6
                ? "\(address): our tables have no IPv6 addresses"
                : "\(address): not known: nothing tells how flows are placed; a node that runs it does"
            advice = address.family == .v6 ? [] : ["on each node's cluster: clusterip migrate --check"]
            return
        }
        isPossible = true
        let begins = written.buckets.isEmpty ? "" : "; this node begins with bucket \(written.buckets.summary)"
        effect = "\(address): no flow would change its node\(begins)"
        let ours = scheme.asClusterMatch.map(HashScheme.clusterMatch) ?? scheme
        let words = [
            "clusterip", "install", "--address", "\(address)/PREFIX", "--interface", written.interface ?? "INTERFACE",
            "--mac",
            written.mac.map(\.description) ?? "MAC", "--hashmode", ours.name, "--total-nodes", "\(ours.bucketCount)",
            "--hash-init", ours.seedText,
        ]
        let taking =
            switch written.driver {
            case "IPaddr2":
                "take the clone with ip=\(address) out of Pacemaker's configuration in maintenance, never by stopping it"
            case "ipt_CLUSTERIP": "boot a kernel of 6.3 or later without this rule: drain the node first"
            default: "take these rules out of the file once `clusterip migrate` has put a table in their place"
            }
        advice = ["\(ShellWord.line(words)) places every flow the same", taking]
    }
}
