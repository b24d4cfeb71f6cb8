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

    private static func findings(_ nodes: [NodeStatus]) -> [Finding] {
        ClusterSnapshot(configuration: configuration(), nodes: nodes).worstFindings()
    }

    private static func codes(_ nodes: [NodeStatus]) -> [String] { findings(nodes).map(\.code) }

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

    @Test func `a dead node's unserved buckets name the node and its take-over`() throws {
        let found = Self.findings([Self.node("a", owned: [1]), Self.node("b", owned: [2], state: .unreachable)])
        #expect(found.map(\.code) == ["unserved"])
        #expect(found[0].node == "b" && found[0].buckets == [2] && found[0].remedy == "clusterip takeover b")
        #expect(
            Self.codes([Self.node("a", owned: [1, 2]), Self.node("b", owned: [2], state: .unreachable)])
                == ["node_unreachable"])
    }

    @Test func `orphans beside a node that was never heard are its own, as far as one can know`() {
        let found = Self.findings([Self.node("a", owned: [1]), NodeStatus(name: "b", state: .unreachable)])
        #expect(found.map(\.code) == ["orphan", "node_unreachable"])
        #expect(found[0].remedy == "clusterip takeover b")
    }

    @Test func `a table that vanished is not the same as one that never was`() {
        var flushed = NodeStatus(name: "b", state: .live)
        #expect(Self.codes([Self.node("a", owned: [1, 2]), flushed]) == ["not_a_member"])
        flushed.lost = Self.node("b", owned: [2]).sample
        let found = Self.findings([Self.node("a", owned: [1]), flushed])
        #expect(found.map(\.code) == ["orphan", "table_flushed"])
        #expect(found[1].buckets == [2] && found[1].remedy == "clusterip reinstall b")
    }

    @Test func `an interface that came back empty was made anew`() {
        let empty = MulticastHealth(macJoined: false, addressPresent: false)
        #expect(Self.codes([Self.node("a", owned: [1, 2], health: empty)]) == ["interface_recreated"])
        let none = MulticastHealth(interfacePresent: false)
        #expect(Self.codes([Self.node("a", owned: [1, 2], health: none)]) == ["interface_missing"])
    }

    @Test func `altered rules are shown with what the driver saw`() {
        var node = Self.node("a", owned: [1, 2])
        node.sample?.alterations = ["The rule \"drop\" of the chain in is missing."]
        let found = Self.findings([node])
        #expect(found.map(\.code) == ["rules_altered"])
        #expect(found[0].evidence == "The rule \"drop\" of the chain in is missing.")
    }

    @Test func `a node that receives nothing while its peers do is behind a switch that does not flood`() {
        func node(_ name: String, _ owned: BucketSet, rate: Double) -> NodeStatus {
            var node = Self.node(name, owned: owned)
            node.rates = [BucketRates(arrived: Rate(packetsPerSecond: rate)), BucketRates()]
            return node
        }
        let found = Self.findings([node("a", [1], rate: 300), node("b", [2], rate: 0)])
        #expect(found.map(\.code) == ["not_receiving"])
        #expect(found.first?.node == "b" && found.first?.evidence.contains("300 a second reach a") == true)
        #expect(Self.codes([node("a", [1], rate: 3), node("b", [2], rate: 0)]).isEmpty)
        #expect(Self.codes([node("a", [1], rate: 300), node("b", [2], rate: 1)]).isEmpty)
        #expect(Self.codes([node("a", [1], rate: 300), Self.node("b", owned: [2])]).isEmpty)
    }

    @Test func `one node with everything is a warning where there are others`() {
        #expect(Self.codes([Self.node("a", owned: [1, 2]), Self.node("b", owned: [])]) == ["one_node"])
        #expect(Self.codes([Self.node("a", owned: [1, 2])]).isEmpty)
    }

    @Test func `conflicts of the same owners are one finding`() {
        let found = Self.findings([Self.node("a", owned: [1, 2]), Self.node("b", owned: [1, 2])])
        #expect(found.map(\.code) == ["conflict"])
        #expect(found.first?.buckets == [1, 2])
        #expect(found.first?.evidence == "bucket 1-2 is answered by a and b")
    }

    @Test func `a node whose samples are late is a warning`() {
        #expect(Self.codes([Self.node("a", owned: [1]), Self.node("b", owned: [2], state: .stale)]) == ["node_stale"])
    }

    @Test func `another hash mode, number of buckets or MAC is found`() {
        var node = Self.node("b", owned: [2])
        node.sample?.configuration.hashMode = .sourceIPSourcePort
        #expect(Self.codes([Self.node("a", owned: [1]), node]) == ["mode_mismatch"])
        node = Self.node("b", owned: [2])
        node.sample?.configuration.totalNodes = 3
        #expect(Self.codes([Self.node("a", owned: [1]), node]) == ["total_mismatch"])
        node = Self.node("b", owned: [2])
        node.sample?.configuration.mac = MACAddress(number: 0x0100_5e08_0002)
        #expect(Self.codes([Self.node("a", owned: [1]), node]) == ["mac_mismatch"])
    }
}
