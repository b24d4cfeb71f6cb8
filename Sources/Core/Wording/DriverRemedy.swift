import ClusterModel
import Responsibility

/// What the programs that write rules by themselves can do about them.
struct DriverRemedy {
    private let driver: String
    private let address: IPAddress

    /// The remedies of a driver for a cluster address.
    init(_ driver: String, _ address: IPAddress) {
        self.driver = driver
        self.address = address
    }

    private var isPacemakers: Bool { driver == "IPaddr2" }
    private var resource: String { "NAME, which is the clone with ip=\(address) in `crm_mon -1`" }

    /// Writes a node's rules anew.
    func rewriting(_ node: String) -> String {
        switch driver {
        case "IPaddr2":
            "let Pacemaker write them anew: `crm_resource --restart --resource NAME --node \(node)`, for \(resource)"
        case "ipt_CLUSTERIP":
            "delete the rule of \(address) on \(node) as `iptables-legacy -S` prints it, and write it anew; Docs/Drivers.md has "
                + "its form"
        default:
            "write the rules of \(address) on \(node) anew, with the command that made them; Docs/Drivers.md has their forms"
        }
    }

    /// Takes a node's buckets elsewhere.
    func standby(_ node: String) -> String {
        isPacemakers
            ? "let Pacemaker take its buckets elsewhere: `pcs node standby \(node)` or `crm node standby \(node)`"
            : "write rules for \(node)'s buckets on another node, after they are gone on \(node)"
    }

    /// Gives every bucket one owner.
    var placing: String {
        isPacemakers
            ? "let Pacemaker place the instances: `crm_resource --cleanup --resource NAME`, for \(resource); one instance of a unique clone cannot be placed by itself"
            : "delete the rule of each bucket on all nodes but one, then write it where none has it"
    }

    // MARK: Commands

    /// The shell's command that writes the rules of these buckets where there are none; nil where the mechanism has none for it.
    func writing(_ settings: ClusterConfiguration, owned: BucketSet) -> String? {
        switch (driver, settings.scheme) {
        case ("xt_cluster", _): settings.scheme.asClusterMatch.map { matching($0, settings, owned) }
        case ("ipt_CLUSTERIP", .clusterIP(let placement)) where placement.bucketCount <= 16:
            targeting(placement, settings, owned)
        default: nil
        }
    }

    /// Has a node's ARP packets say the cluster MAC.
    func rewritingARP(_ settings: ClusterConfiguration, on node: String) -> String {
        isPacemakers
            ? "let the resource agent do it: `crm_resource --resource NAME --set-parameter clusterip_mac_mangle "
                + "--parameter-value true`, for \(resource)"
            : "on \(node): \(rewritingARP(settings))"
    }

    /// The command that does so.
    func rewritingARP(_ settings: ClusterConfiguration) -> String {
        ShellWord.line([
            "arptables", "-A", "OUTPUT", "-o", settings.interface, "-s", "\(address)", "-j", "mangle", "--mangle-mac-s",
            "\(settings.mac)",
        ])
    }

    /// What lets in comes first, each in front: beside a table of ours no packet is lost in between.
    private func matching(_ match: ClusterMatch, _ settings: ClusterConfiguration, _ owned: BucketSet) -> String {
        let tool = address.family == .v4 ? "iptables" : "ip6tables"
        let interface = ShellWord.quoted(settings.interface)
        let packets = "-d \(address) -i \(interface)"
        let question = "-m cluster --cluster-total-nodes \(match.bucketCount) --cluster-hash-seed \(match.seed)"
        return "for b in \(Self.list(owned)); do \(tool) -t mangle -I PREROUTING \(packets) \(question) "
            + "--cluster-local-node $b -j ACCEPT; done; \(tool) -t mangle -A PREROUTING \(packets) -j DROP"
    }

    private func targeting(
        _ placement: Placement, _ settings: ClusterConfiguration, _ owned: BucketSet, chain: String = "INPUT"
    ) -> String? {
        guard let first = owned.first(where: { _ in true }) else { return nil }
        let rule = [
            "iptables-legacy", "-I", chain, "-d", "\(address)", "-i", settings.interface, "-j", "CLUSTERIP", "--new",
            "--hashmode", placement.mode.rawValue, "--clustermac", "\(settings.mac)", "--total-nodes",
            "\(placement.bucketCount)", "--local-node", "\(first)", "--hash-init", "\(placement.seed)",
        ]
        let rest = owned.subtracting([first])
        let file = "/proc/net/ipt_CLUSTERIP/\(address)"
        return ShellWord.line(rule)
            + (rest.isEmpty ? "" : "; for b in \(Self.list(rest)); do echo +$b > \(file); done")
    }

    /// The same beside a table that decides alike: packets come to the rule once its file has every bucket.
    func replacing(_ settings: ClusterConfiguration, owned: BucketSet) -> String? {
        guard case .clusterIP(let placement) = settings.scheme, placement.bucketCount <= 16,
            let rule = targeting(placement, settings, owned, chain: "CLUSTERIP_NEW")
        else { return nil }
        let packets = "-d \(address) -i \(ShellWord.quoted(settings.interface))"
        return "iptables-legacy -N CLUSTERIP_NEW && \(rule) && iptables-legacy -I INPUT \(packets) -j CLUSTERIP_NEW"
    }

    /// What the resource agent writes by nft, all at once: the newest bucket stands first, since it puts each above those before.
    func agentRules(_ settings: ClusterConfiguration, owned: BucketSet) -> String? {
        guard let match = settings.scheme.asClusterMatch, address.family == .v4 else { return nil }
        let table = "IPaddr2_" + address.description.split(separator: ".").joined(separator: "_")
        let chain = "\(table) prerouting"
        let packets = "iif \"\(settings.interface)\" ip daddr \(address)"
        let question = "jhash ip saddr mod \(match.bucketCount) seed \(match.seed) offset 1"
        let rules = owned.reversed().map {
            "add rule ip \(chain) \(packets) \(question) \($0) meta pkttype set host accept comment \"cip-node-\($0)\""
        }
        let lines =
            [
                "add table ip \(table)",
                "add chain ip \(chain) { type filter hook prerouting priority mangle; policy accept; }",
            ] + rules + [
                "add rule ip \(chain) \(packets) drop", "add table arp \(table)",
                "add chain arp \(table) output { type filter hook output priority filter; policy accept; }",
                "add rule arp \(table) output arp saddr ip \(address) arp saddr ether set \(settings.mac)",
            ]
        return "nft \(ShellWord.quoted(lines.joined(separator: "; ")))"
    }

    private static func list(_ buckets: BucketSet) -> String { buckets.map(String.init).joined(separator: " ") }
}
