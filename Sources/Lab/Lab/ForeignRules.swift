import ClusterModel
import Responsibility

/// What enforces ownership on a node of a lab.
public enum NodeKind: String, CaseIterable, Hashable, Sendable, Codable {
    /// A table of our own.
    case nftables
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
        case .nftables: return
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
