import ClusterModel
import IPaddr2
import LinuxNode
import Nftables
import NodeDriver
import Responsibility
import Testing
import XtCluster

/// A table of ours takes the place of another program's rules, and the node answers the same clients at every moment.
@Suite struct MigrationTests {
    private static let settings = ClusterConfiguration(
        name: "web", address: Traffic.cluster, prefixLength: 16, interface: "eth0",
        mac: MACAddress(number: 0x0100_5e00_0020), scheme: .clusterMatch(ClusterMatch(bucketCount: 4, seed: 42)))
    private static let match = "-m cluster --cluster-total-nodes 4 --cluster-hash-seed 42"
    private static let to = "-t mangle -A PREROUTING -d 10.8.0.1 -i eth0"

    private static func run(_ rules: [String], _ body: (DriverRegistry) throws -> Void) throws {
        try Namespaces.run { _ in
            try shell(
                """
                ip address add 10.8.0.1/16 brd + dev eth0
                ip maddress add 01:00:5e:00:00:20 dev eth0
                \(rules.joined(separator: "\n"))
                """)
            let probe = try LinuxProbe()
            try body(
                DriverRegistry(
                    probe: probe,
                    drivers: [NftablesDriver(probe), try XtClusterDriver(probe), try IPaddr2Driver(probe)]))
        }
    }

    static let forms: [[String]] = [
        ["\(to) \(match) --cluster-local-node 2 -j ACCEPT", "\(to) -j DROP"],
        ["\(to) \(match) ! --cluster-local-node 2 -j DROP"],
        [
            "-t mangle -A PREROUTING -i eth0 \(match) --cluster-local-node 2 -j MARK --set-mark 0xffff",
            "\(to) -m mark ! --mark 0xffff -j DROP",
        ],
        [
            "-N SHARE", "-A INPUT -d 10.8.0.1 -j SHARE", "-A SHARE \(match) --cluster-local-node 2 -j ACCEPT",
            "-A SHARE -j DROP", "-A INPUT -p tcp --dport 22 -j ACCEPT",
        ],
    ]

    @Test(arguments: ["iptables-nft", "iptables-legacy"], forms)
    func rulesGiveWayToATableThatOwnsTheSame(_ iptables: String, _ rules: [String]) throws {
        try Self.run(rules.map { "\(iptables) \($0)" }) { node in
            #expect(node.sample().clusters.map(\.driver) == ["xt_cluster"])
            try node.rebuild(Self.settings, from: Self.settings.scheme, keeping: true)
            let sample = node.sample()
            #expect(sample.failures.isEmpty)
            #expect(sample.clusters.map(\.driver) == ["nftables"])
            #expect(sample.clusters.first?.ownership == Ownership(owned: [2]))
            #expect(sample.clusters.first?.configuration == Self.settings)
            #expect(sample.clusters.first?.alterations == [])
            let saved = try shell("\(iptables)-save")
            #expect(!saved.contains("cluster") && !saved.contains("DROP]") && !saved.contains("-j DROP"))
            #expect(saved.contains("--dport 22") == rules.contains { $0.contains("--dport 22") })
        }
    }

    /// What cannot be removed whole is refused, and the node is as it was.
    @Test(arguments: [
        [
            "iptables-legacy -t mangle -A PREROUTING -d 10.8.0.1 -i eth0 \(match) --cluster-local-node 2 -j MARK --set-mark 9",
            "iptables-legacy -A INPUT -d 10.8.0.1 -m mark ! --mark 9 -j DROP",
        ],
        [
            "ip address add 10.8.0.9/16 dev eth0",
            "iptables-nft -t mangle -A PREROUTING -i eth0 \(match) --cluster-local-node 2 -j ACCEPT",
            "iptables-nft -t mangle -A PREROUTING -i eth0 -j DROP",
        ],
    ])
    func whatCannotBeRemovedAloneIsRefused(_ commands: [String]) throws {
        try Self.run(commands) { node in
            let picture =
                "nft list ruleset; iptables-legacy-save | { grep -v '^#' || true; }; ip -o address show dev eth0; ip maddress show dev eth0"
            let before = try (shell(picture), node.sample().clusters.map(\.ownership))
            let error = #expect(throws: DriverError.self) {
                try node.rebuild(Self.settings, from: Self.settings.scheme, keeping: true)
            }
            #expect(error?.code == .notSupported)
            #expect(try shell(picture) == before.0)
            #expect(node.sample().clusters.map(\.ownership) == before.1)
        }
    }

    /// As a rule of ipt_CLUSTERIP does, the kernel joins the MAC for itself, and leaves it when what it was for goes.
    @Test func aMACThatTheKernelHadForItselfStays() throws {
        try Self.run([]) { node in
            let configuration = ClusterConfiguration.example()
            try shell("ip maddress del \(configuration.mac) dev eth0; ip address add 239.0.0.32/32 dev eth0 autojoin")
            #expect(try shell("ip maddress show dev eth0").contains("\(configuration.mac)"))
            try node.driver(named: nil).install(configuration, owned: [1])
            try shell("ip address del 239.0.0.32/32 dev eth0")
            #expect(node.sample().clusters.first?.health.macJoined == true)
            try node.driver(named: nil).uninstall(configuration.address)
            #expect(try !shell("ip maddress show dev eth0").contains("\(configuration.mac)"))
        }
    }

    @Test func anotherPlacementIsRefused() throws {
        try Self.run(Self.forms[0].map { "iptables-nft \($0)" }) { node in
            var other = Self.settings
            other.scheme = .clusterMatch(ClusterMatch(bucketCount: 4, seed: 43))
            let error = #expect(throws: DriverError.self) { try node.rebuild(other, from: nil, keeping: true) }
            #expect(error?.code == .otherSettings)
            #expect(node.sample().clusters.map(\.driver) == ["xt_cluster"])
        }
    }

    /// Our table places flows as xt_cluster does, packet by packet, and keeps its scheme.
    @Test func ourTableEnforcesClusterMatch() throws {
        try Rig.run(.nftables) { rig in
            var settings = Self.settings
            settings.scheme = .clusterMatch(ClusterMatch(bucketCount: 16, seed: 7))
            try rig.driver.install(settings, owned: [1, 4, 9, 16])
            try rig.resolve()
            let flows = [.udp, .icmp].flatMap { Traffic.flows($0, 60) }
            try rig.send(flows)
            let counters = try rig.counters(arrived: flows.count)
            #expect(
                counters.packets == Traffic.expected(flows, settings, accepting: [1, 4, 9, 16]).packets)
            try rig.driver.rebuild(settings)
            #expect(try rig.driver.sample().clusters.first?.configuration == settings)
            #expect(try rig.driver.sample().clusters.first?.alterations == [])
        }
    }
}
