import ClusterModel
import Responsibility
import Testing
import Wording

/// What is said of a node, and what ends it, by what enforces its address: a driver's words are its own.
@Suite struct FindingsByKindTests {
    /// A kind of nodes, and what is printed of it when something is wrong with b, the second of three.
    struct Kind: Sendable, CustomTestStringConvertible {
        var driver: String
        var abilities: Set<Capabilities.Ability>
        var scheme: HashScheme
        var remedies: [String: String]
        var testDescription: String { driver }
    }

    static let match = HashScheme.clusterMatch(ClusterMatch(bucketCount: 9, seed: 42))
    private static let lostMatch =
        "on b: for b in 4 5 6; do iptables -t mangle -I PREROUTING -d 10.8.0.1 -i eth0 -m cluster --cluster-total-nodes 9 "
        + "--cluster-hash-seed 42 --cluster-local-node $b -j ACCEPT; done; iptables -t mangle -A PREROUTING -d 10.8.0.1 "
        + "-i eth0 -j DROP"
    private static let lostTarget =
        "on b: iptables-legacy -I INPUT -d 10.8.0.1 -i eth0 -j CLUSTERIP --new --hashmode sourceip --clustermac "
        + "01:00:5e:08:00:01 --total-nodes 9 --local-node 4 --hash-init 42; for b in 5 6; do echo +$b > "
        + "/proc/net/ipt_CLUSTERIP/10.8.0.1; done"
    private static let pacemaker =
        "let Pacemaker write them anew: `crm_resource --restart --resource NAME --node b`, for NAME, which is the clone with "
        + "ip=10.8.0.1 in `crm_mon -1`"
    private static let maddress = "on b: ip maddress add 01:00:5e:08:00:01 dev eth0"
    private static let address = "on b: ip address add 10.8.0.1/16 dev eth0"

    static let kinds = [
        Kind(
            driver: "xt_cluster", abilities: [.moving, .marks, .migrating], scheme: match,
            remedies: [
                "flushed": lostMatch, "flushed and taken over": "on b: ip address del 10.8.0.1/16 dev eth0",
                "gone": "\(lostMatch), then: \(maddress), then: \(address)",
                "no address": "\(address); until then: clusterip drain b --mode immediate", "no MAC": maddress,
                "no ARP": "on b: arptables -A OUTPUT -o eth0 -s 10.8.0.1 -j mangle --mangle-mac-s 01:00:5e:08:00:01",
                "made anew": "\(maddress), then: \(address)",
                "device":
                    "bring eth0 of b back, then: \(maddress), then: \(address); until then: clusterip drain b --mode immediate",
                "seed":
                    "write the rules of 10.8.0.1 on b anew, with the command that made them; Docs/Drivers.md has their forms",
                "orphan": "clusterip repair", "conflict": "clusterip repair --force cannot-drain",
                "alone": "clusterip rebalance --force cannot-drain",
                "changed": "none needed if it was meant; this is shown for ten minutes",
                "dead": "if b is dead: clusterip takeover b; if not: look at b and the link to it",
            ]),
        Kind(
            driver: "ipt_CLUSTERIP", abilities: [.moving, .marks],
            scheme: .clusterIP(Placement(mode: .sourceIP, bucketCount: 9, seed: 42)),
            remedies: [
                "flushed": lostTarget, "flushed and taken over": "on b: ip address del 10.8.0.1/16 dev eth0",
                "gone": "\(lostTarget), then: \(address)",
                "no address": "\(address); until then: clusterip drain b --mode immediate", "no MAC": maddress,
                "made anew": address,
                "seed": "delete the rule of 10.8.0.1 on b as `iptables-legacy -S` prints it, and write it anew; "
                    + "Docs/Drivers.md has its form",
                "orphan": "clusterip repair", "conflict": "clusterip repair --force cannot-drain",
                "alone": "clusterip rebalance --force cannot-drain",
                "dead": "if b is dead: clusterip takeover b; if not: look at b and the link to it",
            ]),
        Kind(
            driver: "IPaddr2", abilities: [], scheme: match,
            remedies: [
                "flushed": pacemaker, "flushed and taken over": pacemaker,
                "gone":
                    "let Pacemaker place the instances: `crm_resource --cleanup --resource NAME`, for NAME, which is the clone "
                    + "with ip=10.8.0.1 in `crm_mon -1`; one instance of a unique clone cannot be placed by itself",
                "no address":
                    "\(pacemaker); until then: let Pacemaker take its buckets elsewhere: `pcs node standby b` or "
                    + "`crm node standby b`", "no MAC": pacemaker,
                "no ARP":
                    "let the resource agent do it: `crm_resource --resource NAME --set-parameter clusterip_mac_mangle "
                    + "--parameter-value true`, for NAME, which is the clone with ip=10.8.0.1 in `crm_mon -1`",
                "made anew": pacemaker, "seed": pacemaker,
                "orphan":
                    "let Pacemaker place the instances: `crm_resource --cleanup --resource NAME`, for NAME, which is the "
                    + "clone with ip=10.8.0.1 in `crm_mon -1`; one instance of a unique clone cannot be placed by itself",
                "dead": "if b is dead: \(pacemaker); if not: look at b and the link to it",
            ]),
    ]

    private static func cluster(_ kind: Kind) -> [NodeStatus] {
        let settings = ClusterConfiguration(
            name: "web", address: IPAddress(10, 8, 0, 1), prefixLength: 16, interface: "eth0",
            mac: MACAddress(number: 0x0100_5e08_0001), scheme: kind.scheme)
        return ["a", "b", "c"].enumerated().map { place, name in
            NodeStatus(
                name: name, state: .live,
                sample: ClusterSample(
                    configuration: settings, driver: kind.driver,
                    capabilities: Capabilities(counters: [], abilities: kind.abilities),
                    ownership: Ownership(owned: BucketSet(3 * place + 1...3 * place + 3)), counters: [],
                    health: MulticastHealth()))
        }
    }

    /// Makes something wrong with b; the code of the finding that must name it.
    private static let troubles: [(name: String, code: String, make: @Sendable (inout [NodeStatus]) -> Void)] = [
        ("flushed", "rules_missing", { lose(&$0, isBare: true) }),
        (
            "flushed and taken over", "rules_missing",
            {
                lose(&$0, isBare: true)
                $0[0].sample?.ownership = Ownership(owned: [1, 2, 3, 4, 5, 6])
            }
        ),
        ("gone", "not_a_member", { lose(&$0, isBare: false) }),
        ("no address", "address_missing", { $0[1].sample?.health.addressPresent = false }),
        ("no MAC", "mac_missing", { $0[1].sample?.health.macJoined = false }),
        ("no ARP", "arp_rewrite_missing", { $0[1].sample?.health.arpRewritten = false }),
        ("made anew", "interface_recreated", { $0[1].sample?.health = .init(macJoined: false, addressPresent: false) }),
        ("device", "interface_missing", { $0[1].sample?.health = .init(interfacePresent: false) }),
        (
            "seed", "seed_mismatch",
            {
                let scheme = other($0[1])
                $0[1].sample?.configuration.scheme = scheme
            }
        ),
        ("orphan", "orphan", { $0[1].sample?.ownership = Ownership(owned: [4]) }),
        ("conflict", "conflict", { $0[1].sample?.ownership = Ownership(owned: [3, 4, 5, 6]) }),
        (
            "alone", "one_node",
            { nodes in
                for place in 0...2 {
                    nodes[place].sample?.ownership = Ownership(owned: place == 1 ? BucketSet(1...9) : [])
                }
            }
        ),
        ("changed", "foreign_change", { $0[1].foreignChange = .init(name: "iptables", pid: 7, user: "ops") }),
        ("dead", "unserved", { $0[1].state = .unreachable }),
    ]

    private static func lose(_ nodes: inout [NodeStatus], isBare: Bool) {
        nodes[1].lost = nodes[1].sample
        nodes[1].sample = nil
        nodes[1].isBare = isBare
    }

    private static func other(_ node: NodeStatus) -> HashScheme {
        guard case .clusterIP(var placement)? = node.sample?.configuration.scheme else {
            return .clusterMatch(ClusterMatch(bucketCount: 9, seed: 7))
        }
        placement.seed = 7
        return .clusterIP(placement)
    }

    @Test(arguments: kinds)
    func `each finding says what is true of the kind, and what works there`(_ kind: Kind) throws {
        for trouble in Self.troubles {
            var nodes = Self.cluster(kind)
            let settings = try #require(nodes[0].sample?.configuration)
            #expect(ClusterSnapshot(configuration: settings, nodes: nodes).worstFindings().isEmpty)
            trouble.make(&nodes)
            let findings = ClusterSnapshot(configuration: settings, nodes: nodes).worstFindings()
            let found = try #require(findings.first { $0.code == trouble.code }, "\(kind.driver), \(trouble.name)")
            for finding in findings {
                let text = "\(finding.evidence) \(finding.effect) \(finding.remedy.sentence)"
                let words = Set(text.split { !$0.isLetter }.map(String.init))
                #expect(
                    words.isDisjoint(with: ["table", "tables", "reinstall", "join", "guard"]),
                    "\(kind.driver), \(trouble.name): \(text)")
            }
            guard let remedy = kind.remedies[trouble.name] else { continue }
            #expect(found.remedy.sentence == remedy, "\(kind.driver), \(trouble.name)")
        }
    }

    @Test func `a node that lost its rules is told by what it lost, and one that had none by the others`() throws {
        var evidence: [String] = []
        for kind in Self.kinds {
            for wasHeard in [true, false] {
                var nodes = Self.cluster(kind)
                let settings = try #require(nodes[0].sample?.configuration)
                Self.lose(&nodes, isBare: true)
                if !wasHeard { nodes[1].lost = nil }
                let findings = ClusterSnapshot(configuration: settings, nodes: nodes).worstFindings()
                evidence += findings.filter { $0.code == "rules_missing" }.map(\.evidence)
            }
        }
        let never = "b carries 10.8.0.1 and has no rule that says which buckets are its own"
        #expect(
            evidence == [
                "b carries 10.8.0.1 and lost the rules that asked for its buckets; it owned buckets 4-6", never,
                "b carries 10.8.0.1 and lost its rule with the target CLUSTERIP; it owned buckets 4-6", never,
                "b carries 10.8.0.1 and lost the rules that Pacemaker's IPaddr2 wrote; it owned buckets 4-6", never,
            ])
    }

    @Test func `among tables of ours, connections that a taker would break are named by the risk to force`() throws {
        var nodes = Self.cluster(Self.kinds[0])
        for place in [0, 2] {
            nodes[place].sample?.driver = "nftables"
            nodes[place].sample?.capabilities = .full
        }
        nodes[0].sample?.ownership = Ownership(owned: BucketSet(1...9))
        nodes[1].sample?.ownership = Ownership()
        nodes[2].sample?.ownership = Ownership()
        let settings = try #require(nodes[0].sample?.configuration)
        let found = ClusterSnapshot(configuration: settings, nodes: nodes).worstFindings()
        #expect(found.map(\.remedy.sentence) == ["clusterip rebalance --force cannot-ignore"])
    }
}
