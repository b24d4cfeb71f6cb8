import ClusterModel
import Responsibility

/// What enforces ownership on a node of a lab.
public enum NodeKind: String, CaseIterable, Hashable, Sendable, Codable {
    /// A table of our own.
    case nftables
    /// Iptables' target CLUSTERIP, in a kernel of the node's own.
    case iptClusterip = "ipt_CLUSTERIP"
    /// Rules with iptables' match `cluster`, as an administrator writes them.
    case xtCluster = "xt_cluster"
    /// Rules as Pacemaker's resource agent writes them.
    case ipaddr2 = "IPaddr2"
}

/// Makes a node answer its share of the buckets as other programs do it.
struct ForeignRules {
    private let kind: NodeKind
    private let buckets: BucketSet
    private let total: Int
    private let seed: UInt32
    private let address = LabNetwork.clusterAddress
    private let interface = LabNetwork.interface

    /// The rules of a node numbered from 1.
    init(number: Int, options: LabOptions) {
        kind = options.kind(ofNode: number)
        buckets = LabNetwork.initialBuckets(node: number, options: options)
        total = options.bucketCount
        seed = options.scheme.seed ?? 0
    }

    /// Writes the rules, then the cluster MAC, then the address, so that the node never answers for others.
    func install() throws(LabError) {
        switch kind {
        case .nftables, .iptClusterip: return
        case .xtCluster:
            let lines = iptables.map { "-A PREROUTING -d \(address)/32 -i \(interface) \($0)" }
            try Tool.run(
                ["iptables-nft-restore", "--noflush"], input: "*mangle\n\(lines.joined(separator: "\n"))\nCOMMIT\n",
                origin: "it is in the Debian package iptables")
        case .ipaddr2:
            try Tool.run(["nft", "-f", "-"], input: nft, origin: "it is in the Debian package nftables")
        }
        try Tool.run(["nft", "-f", "-"], input: arp, origin: "it is in the Debian package nftables")
        // iproute2 ends after it has changed the list of multicast addresses, whatever else it was told to do.
        try Tool.ip(["maddress add \(LabNetwork.clusterMAC) dev \(interface)"])
        try Tool.ip(["address add \(address)/\(LabNetwork.prefixLength) broadcast + dev \(interface)"])
    }

    /// The same on a node whose kernel is its own: the rule with one bucket, the others by a write to its file each.
    ///
    /// A rule begins with one bucket at least; one that is not the node's is given up before the address is there.
    func install(on guest: GuestMachine, _ mode: HashMode) throws(LabError) {
        let first = buckets.min() ?? 1
        try guest.run([
            "iptables-legacy", "-I", "INPUT", "-d", "\(address)", "-i", interface, "-j", "CLUSTERIP", "--new",
            "--hashmode",
            mode.rawValue, "--clustermac", "\(LabNetwork.clusterMAC)", "--total-nodes", "\(total)", "--local-node",
            "\(first)", "--hash-init", "\(seed)",
        ])
        let changes = buckets.isEmpty ? ["-1"] : buckets.subtracting([first]).map { "+\($0)" }
        try guest.run([
            "sh", "-ec",
            changes.map { "echo \($0) > /proc/net/ipt_CLUSTERIP/\(address)" }.joined(separator: "\n")
                + "\nip address add \(address)/\(LabNetwork.prefixLength) broadcast + dev \(interface)",
        ])
    }

    private var iptables: [String] {
        let match = "-m cluster --cluster-total-nodes \(total) --cluster-hash-seed \(seed)"
        return buckets.map { "\(match) --cluster-local-node \($0) -j ACCEPT" } + ["-j DROP"]
    }

    /// The newest bucket comes first, since the resource agent inserts each above those before.
    private var nft: String {
        let table = "IPaddr2_" + String(address.description.map { $0 == "." ? "_" : $0 })
        let packets = "iif \"\(interface)\" ip daddr \(address)"
        let rules = buckets.reversed().map {
            "\(packets) jhash ip saddr mod \(total) seed \(seed) offset 1 \($0) meta pkttype set host accept comment \"cip-node-\($0)\""
        }
        return """
            table ip \(table) {
              chain prerouting {
                type filter hook prerouting priority mangle; policy accept;
                \((rules + ["\(packets) drop"]).joined(separator: "\n    "))
              }
            }

            """
    }

    private var arp: String {
        """
        table arp IPaddr2_\(String(address.description.map { $0 == "." ? "_" : $0 })) {
          chain output {
            type filter hook output priority filter; policy accept;
            arp saddr ip \(address) arp saddr ether set \(LabNetwork.clusterMAC)
          }
        }

        """
    }
}
