import ClusterModel
import Responsibility
import Testing
import Wording

@Suite struct MigrationWordsTests {
    private static func check(
        _ driver: String, _ abilities: Set<Capabilities.Ability>, seed: UInt32 = 42
    ) throws -> MigrationCheck {
        func settings(_ seed: UInt32) -> ClusterConfiguration {
            ClusterConfiguration(
                name: "web", address: IPAddress(10, 8, 0, 1), prefixLength: 16, interface: "eth0",
                mac: MACAddress(number: 0x0100_5e00_0020),
                scheme: .clusterMatch(ClusterMatch(bucketCount: 4, seed: seed)))
        }
        let node = NodeStatus(
            name: "b", state: .live,
            sample: ClusterSample(
                configuration: settings(seed), driver: driver,
                capabilities: Capabilities(counters: [], abilities: abilities), ownership: Ownership(owned: [2]),
                counters: [], health: MulticastHealth()))
        let snapshot = ClusterSnapshot(configuration: settings(42), nodes: [node, NodeStatus(name: "c", state: .live)])
        #expect(MigrationCheck.all(snapshot)[1].effect == "not known: it says nothing of 10.8.0.1")
        return try #require(MigrationCheck.all(snapshot).first)
    }

    private static let end =
        "nft 'delete table ip clusterip_10_8_0_1; delete table arp clusterip_10_8_0_1; delete table ip clusterip_guard_10_8_0_1; "
        + "delete table arp clusterip_guard_10_8_0_1'"

    @Test func `what would happen is said for every driver`() throws {
        let kept = "no flow would change its node; connections live on, and bucket 2 stays here"
        let xt = try Self.check("xt_cluster", [.migrating])
        #expect(xt.isPossible && xt.effect == kept && xt.advice.first == "clusterip migrate b")
        let legacy = try Self.check("xt_cluster", [])
        #expect(!legacy.isPossible && legacy.advice.first?.hasPrefix("write its rules with iptables-nft") == true)
        let agent = try Self.check("IPaddr2", [])
        #expect(!agent.isPossible && agent.effect == kept && agent.advice.count == 5)
        let free = try Self.check("IPaddr2", [.migrating])
        #expect(free.isPossible && free.advice.first?.hasPrefix("clusterip migrate b; ") == true)
        let target = try Self.check("ipt_CLUSTERIP", [.moving, .marks])
        #expect(
            target.effect
                == "no flow would change its node for good; its kernel must be another one, and each connection breaks once"
        )
        #expect(!target.isPossible && target.advice.first?.contains("clusterip drain b") == true)
        let ours = try Self.check("nftables", Set(Capabilities.Ability.allCases))
        #expect(!ours.isPossible && ours.effect == "none: it has a table of ours")
        #expect(
            ours.advice == [
                "the way back to rules of iptables' match cluster, bucket by bucket as now: on b: for b in 2; do iptables -t mangle "
                    + "-I PREROUTING -d 10.8.0.1 -i eth0 -m cluster --cluster-total-nodes 4 --cluster-hash-seed 42 "
                    + "--cluster-local-node $b -j ACCEPT; done; iptables -t mangle -A PREROUTING -d 10.8.0.1 -i eth0 -j DROP; "
                    + "arptables -A OUTPUT -o eth0 -s 10.8.0.1 -j mangle --mangle-mac-s 01:00:5e:00:00:20 && \(Self.end)",
                "the way back to the rules that Pacemaker's IPaddr2 writes of a clone-max of 4: on b: nft 'add table ip "
                    + "IPaddr2_10_8_0_1; add chain ip IPaddr2_10_8_0_1 prerouting { type filter hook prerouting priority mangle; "
                    + "policy accept; }; add rule ip IPaddr2_10_8_0_1 prerouting iif \"eth0\" ip daddr 10.8.0.1 jhash ip saddr "
                    + "mod 4 seed 42 offset 1 2 meta pkttype set host accept comment \"cip-node-2\"; add rule ip "
                    + "IPaddr2_10_8_0_1 prerouting iif \"eth0\" ip daddr 10.8.0.1 drop; add table arp IPaddr2_10_8_0_1; add chain "
                    + "arp IPaddr2_10_8_0_1 output { type filter hook output priority filter; policy accept; }; add rule arp "
                    + "IPaddr2_10_8_0_1 output arp saddr ip 10.8.0.1 arp saddr ether set 01:00:5e:00:00:20' && \(Self.end)",
            ])
        let other = try Self.check("xt_cluster", [.migrating], seed: 7)
        #expect(!other.isPossible && other.effect.hasPrefix("clients would change their nodes"))
    }

    /// Two nodes with ipt_CLUSTERIP of a jhash, one of which told its connections.
    private static func upgrade(_ generation: JhashGeneration) throws -> MigrationCheck {
        let settings = ClusterConfiguration(
            name: "web", address: IPAddress(10, 8, 0, 1), prefixLength: 16, interface: "eth0",
            mac: MACAddress(number: 0x0100_5e00_0020),
            scheme: .clusterIP(Placement(mode: .sourceIP, bucketCount: 4, seed: 7, generation: generation)))
        let nodes = ["a", "b"].enumerated().map { index, name in
            NodeStatus(
                name: name, state: .live,
                sample: ClusterSample(
                    configuration: settings, driver: "ipt_CLUSTERIP",
                    capabilities: Capabilities(counters: [], abilities: [.moving, .marks]),
                    ownership: Ownership(owned: [1 + 2 * index, 2 + 2 * index]), counters: [], health: MulticastHealth()
                ))
        }
        let snapshot = ClusterSnapshot(configuration: settings, nodes: nodes)
        return try #require(MigrationCheck.all(snapshot, connections: ["a": [1: 30, 2: 7], "b": [3: 4]]).first)
    }

    @Test func `the way over another kernel says at each step whom it touches`() throws {
        let near = try Self.upgrade(.lookup3)
        #expect(near.advice.count == 4)
        #expect(near.advice[0].hasPrefix("clusterip drain a --force cannot-drain"))
        #expect(near.advice[0].contains("its 37 connections now break once"))
        #expect(near.advice[1...2].allSatisfy { $0.contains("touches nobody") })
        #expect(near.advice[3].hasPrefix("clusterip restore a"))
        let far = try Self.upgrade(.lookup3WithoutLength)
        #expect(far.effect.contains("Linux 2.6.37 to 4.0") && !far.isPossible)
        #expect(far.advice.count == 4 && far.advice[1].contains("as long as one of a and b does"))
        #expect(far.advice[2].contains("(41 connections now)"))
    }
}
