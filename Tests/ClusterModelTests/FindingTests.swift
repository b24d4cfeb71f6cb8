import ClusterModel
import Responsibility
import Testing

@Suite struct FindingTests {
    private static func configuration(seed: UInt32 = 42) -> ClusterConfiguration {
        ClusterConfiguration(
            name: "web", address: IPv4Address(10, 8, 0, 1), prefixLength: 16, interface: "eth0",
            mac: MACAddress(number: 0x0100_5e08_0001), hashMode: .sourceIP, totalNodes: 2, hashInit: seed)
    }

    private static func node(
        _ name: String, owned: BucketSet, seed: UInt32 = 42, health: MulticastHealth = .init(), state: NodeState = .live
    ) -> NodeStatus {
        NodeStatus(
            name: name, state: state,
            sample: ClusterSample(
                configuration: configuration(seed: seed), driver: "nftables", ownership: Ownership(owned: owned),
                counters: [], health: health))
    }

    private static func codes(_ nodes: [NodeStatus]) -> [String] {
        ClusterSnapshot(configuration: configuration(), nodes: nodes).worstFindings().map(\.code)
    }

    @Test func `a healthy cluster has no findings`() {
        #expect(Self.codes([Self.node("a", owned: [1]), Self.node("b", owned: [2])]).isEmpty)
    }

    @Test func `an orphan and a conflict are found`() {
        #expect(Self.codes([Self.node("a", owned: [1]), Self.node("b", owned: [1])]) == ["orphan", "conflict"])
    }

    @Test func `another seed is found, and named`() throws {
        let nodes = [Self.node("a", owned: [1]), Self.node("b", owned: [2], seed: 7)]
        let found = try #require(
            ClusterSnapshot(configuration: Self.configuration(), nodes: nodes).worstFindings().first)
        #expect(found.code == "seed_mismatch" && found.node == "b")
        #expect(found.evidence == "b has seed 7, most nodes have 42")
    }

    @Test func `each lack of health is found`() {
        let health = MulticastHealth(interfaceUp: false, macJoined: false, arpRewritten: false, addressPresent: false)
        #expect(
            Self.codes([Self.node("a", owned: [1, 2], health: health)])
                == ["interface_down", "address_missing", "mac_missing", "arp_rewrite_missing"])
    }

    @Test func `an unreachable node's buckets are orphans and the node is named`() {
        #expect(
            Self.codes([Self.node("a", owned: [1]), Self.node("b", owned: [2], state: .unreachable)])
                == ["orphan", "node_unreachable"])
    }
}
