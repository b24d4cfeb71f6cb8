import ClusterModel
import Responsibility
import Testing

@Suite struct FindingTests {
    private static func configuration(seed: UInt32 = 42) -> ClusterConfiguration {
        ClusterConfiguration(
            name: "web", address: IPAddress(10, 8, 0, 1), prefixLength: 16, interface: "eth0",
            mac: MACAddress(number: 0x0100_5e08_0001),
            scheme: .clusterIP(Placement(mode: .sourceIP, bucketCount: 2, seed: seed)))
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

    @Test func `a name that a node supplies is a word of a command, whatever it is`() throws {
        var node = Self.node("a", owned: [1, 2], health: MulticastHealth(interfaceUp: false, macJoined: false))
        node.sample?.configuration.interface = "$(curl a|sh)"
        #expect(
            Self.findings([node]).map(\.remedy) == [
                "on a: ip link set '$(curl a|sh)' up", "on a: ip maddress add 01:00:5e:08:00:01 dev '$(curl a|sh)'",
            ])
        var bare = NodeStatus(name: "a", state: .live, lost: node.sample, isBare: true)
        var snapshot = ClusterSnapshot(configuration: try #require(node.sample).configuration, nodes: [bare])
        #expect(snapshot.worstFindings().contains { $0.remedy.contains(" --interface '$(curl a|sh)' ") })
        bare.name = "a;id"
        snapshot.nodes = [bare]
        #expect(snapshot.worstFindings().contains { $0.remedy.hasSuffix(" --own 'a;id=1-2'") })
    }

    @Test func `a connection-tracking table that is full or nearly is found`() throws {
        func findings(_ count: Int, of limit: Int) -> [Finding] {
            var node = Self.node("a", owned: [1, 2])
            node.conntrack = ConntrackTable(count: count, limit: limit)
            return Self.findings([node])
        }
        #expect(findings(899, of: 1000).isEmpty && findings(.max, of: 0).count == 1)
        let warned = try #require(findings(900, of: 1000).first)
        #expect(warned.code == "conntrack_full" && warned.severity == .warning && warned.node == "a")
        #expect(warned.evidence == "a tracks 900 connections, 90 % of the 1000 it may")
        #expect(warned.remedy == "on a: sysctl -w net.netfilter.nf_conntrack_max=2000")
        #expect(findings(1000, of: 1000).first?.severity == .critical)
    }

    @Test func `a dead node's unserved buckets name the node and its take-over`() throws {
        let found = Self.findings([Self.node("a", owned: [1]), Self.node("b", owned: [2], state: .unreachable)])
        #expect(found.map(\.code) == ["unserved"])
        #expect(found[0].node == "b" && found[0].buckets == [2])
        #expect(found[0].remedy.hasPrefix("if it is dead: clusterip takeover b; if not: "))
        #expect(
            Self.codes([Self.node("a", owned: [1, 2]), Self.node("b", owned: [2], state: .unreachable)])
                == ["node_unreachable"])
    }

    @Test func `orphans beside a node that was never heard are its own, as far as one can know`() {
        let found = Self.findings([Self.node("a", owned: [1]), NodeStatus(name: "b", state: .unreachable)])
        #expect(found.map(\.code) == ["orphan", "node_unreachable"])
        #expect(found[0].remedy == "if b is dead: clusterip takeover b")
        #expect(found[1].effect == "not known: it was never heard, and no other node answers bucket 2")
    }

    @Test func `orphans are no alarm yet while a node is being connected to`() {
        let found = Self.findings([Self.node("a", owned: [1]), NodeStatus(name: "b", state: .connecting)])
        #expect(found.map(\.code) == ["orphan"] && found[0].severity == .warning)
        #expect(found[0].evidence == "no node that was heard answers bucket 2; b was never heard")
    }

    @Test func `a node that carries the address without a table answers everybody`() {
        var bare = NodeStatus(name: "b", state: .live, isBare: true)
        #expect(Self.codes([Self.node("a", owned: [1, 2]), bare]) == ["table_flushed"])
        bare.lost = Self.node("b", owned: [2]).sample
        bare.foreignChange = RulesetChange(generation: 9, pid: 4711, process: "nft", user: "ops")
        let found = Self.findings([Self.node("a", owned: [1]), bare])
        #expect(found.map(\.code) == ["orphan", "table_flushed"])
        #expect(
            found[1].evidence
                == "b carries 10.8.0.1 and lost its table; it answered bucket 2; changed by nft (process 4711, user ops) on b"
        )
        #expect(found[1].buckets == [2])
        #expect(found.allSatisfy { $0.remedy == "clusterip reinstall b, then: clusterip repair" })
    }

    @Test func `when every table is gone, the command that makes them anew is told`() {
        let nodes = ["a", "b"].enumerated().map { index, name in
            var node = NodeStatus(name: name, state: .live, isBare: true)
            node.lost = Self.node(name, owned: [index + 1]).sample
            return node
        }
        let found = Self.findings(nodes)
        #expect(found.map(\.code) == ["orphan", "table_flushed", "table_flushed"])
        let command =
            "clusterip install --address 10.8.0.1/16 --interface eth0 --mac 01:00:5e:08:00:01 --hashmode sourceip "
            + "--total-nodes 2 --hash-init 42 --own a=1 --own b=2"
        #expect(found.allSatisfy { $0.remedy == command }, "\(found[0].remedy)")
    }

    @Test func `a conflict made by sets that contradict themselves has one remedy`() {
        var node = Self.node("a", owned: [1, 2])
        node.sample?.alterations = ["The sets owned and draining both hold 2."]
        let found = Self.findings([node, Self.node("b", owned: [2])])
        #expect(found.map(\.code) == ["conflict", "rules_altered"])
        #expect(found.allSatisfy { $0.remedy == "clusterip reinstall a" })
    }

    @Test func `what was adopted and never settled is not forgotten`() throws {
        var node = Self.node("a", owned: [1, 2])
        node.sample?.ownership.adopted = [2]
        let found = try #require(Self.findings([node]).first)
        #expect(found.code == "not_settled" && found.severity == .notice && found.buckets == [2])
        #expect(found.evidence == "a adopted bucket 2 and still resets connections it does not know")
        #expect(found.remedy == "clusterip settle a")
    }

    @Test func `a node without table and address is harmless`() {
        let found = Self.findings([Self.node("a", owned: [1, 2]), NodeStatus(name: "b", state: .live)])
        #expect(found.map(\.code) == ["not_a_member"] && found[0].severity == .warning)
    }

    @Test func `a foreign change that did no harm is a notice, and harm names its author`() {
        var node = Self.node("b", owned: [2])
        node.foreignChange = RulesetChange(generation: 9, pid: 4711, process: "nft")
        let harmless = Self.findings([Self.node("a", owned: [1]), node])
        #expect(harmless.map(\.code) == ["foreign_change"] && harmless[0].severity == .notice)
        #expect(harmless[0].evidence.hasPrefix("nft (process 4711, unknown user) changed"))
        node.sample?.ownership = Ownership(owned: [1, 2])
        let harm = Self.findings([Self.node("a", owned: [1]), node])
        #expect(harm.map(\.code) == ["conflict"])
        #expect(harm[0].evidence == "bucket 1 is answered by a and b; changed by nft (process 4711, unknown user) on b")
    }

    @Test func `what is wrong with ARP is one finding`() {
        var node = Self.node("a", owned: [1, 2], health: MulticastHealth(arpRewritten: false))
        node.sample?.alterations = ["The arp table x is missing: ARP does not say the cluster MAC."]
        let found = Self.findings([node])
        #expect(found.map(\.code) == ["arp_rewrite_missing"])
        #expect(found[0].evidence.hasSuffix("The arp table x is missing: ARP does not say the cluster MAC."))
    }

    @Test func `a node that answers no bucket hurts nobody by being deaf`() {
        let found = Self.findings([
            Self.node("a", owned: [1, 2]), Self.node("b", owned: [], health: MulticastHealth(macJoined: false)),
        ])
        #expect(found.map(\.code) == ["one_node", "mac_missing"])
        #expect(found[1].severity == .warning && found[1].effect == "none now, since it answers no bucket")
    }

    @Test(arguments: [
        ("the agent ended (exit status 255): Host key verification failed.", "compare its host key"),
        ("the agent ended (exit status 255): ops@b: Permission denied (publickey,password).", "ssh-copy-id"),
        ("ssh: connect to host b port 22: Connection refused", "start sshd on b"),
        ("ssh: Could not resolve hostname b: Name or service not known", "correct the host name of b"),
        ("the agent ended (exit status 1): sudo: a password is required", "NOPASSWD"),
        ("the agent ended (exit status 127): bash: line 1: clusterip-agent: command not found", "copy clusterip-agent"),
        ("its agent speaks protocol 9, this program 1", "the same version"),
        ("nothing heard for 3 s: the agent or its link hangs", "overloaded or stopped"),
        ("something else", "look at b and the link to it"),
    ])
    func `why a node is silent decides what to do`(_ reason: String, _ remedy: String) {
        var node = Self.node("b", owned: [], state: .unreachable)
        node.reason = reason
        let found = Self.findings([Self.node("a", owned: [1, 2]), node])
        #expect(found.map(\.code) == ["node_unreachable"] && found[0].remedy.contains(remedy), "\(found)")
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
        #expect(found[0].evidence == "a: The rule \"drop\" of the chain in is missing.")
    }

    @Test func `a node that receives nothing while its peers do is behind a switch that does not flood`() {
        func node(_ name: String, _ owned: BucketSet, _ packets: Double...) -> NodeStatus {
            var node = Self.node(name, owned: owned)
            node.arrivals = packets.map { Arrivals(packets: $0, seconds: 0.5) }
            return node
        }
        let found = Self.findings([node("a", [1], 150, 151), node("b", [2], 0, 0)])
        #expect(found.map(\.code) == ["not_receiving"] && found[0].severity == .critical)
        #expect(
            found.first?.evidence == "no packet for 10.8.0.1 reached b in 1.0 s, while 301 reached a in 1.0 s")
        let idle = Self.findings([node("a", [1, 2], 150, 151), node("b", [], 0, 0)])
        #expect(idle.map(\.severity) == [.warning, .warning])
        let unclear: [([Double], [Double])] = [
            ([9, 9], [0, 0]), ([0, 150], [0, 0]), ([150, 150], [1, 0]), ([150, 150], [0]),
        ]
        for (loud, quiet) in unclear {
            var (a, b) = (Self.node("a", owned: [1]), Self.node("b", owned: [2]))
            a.arrivals = loud.map { Arrivals(packets: $0, seconds: 0.5) }
            b.arrivals = quiet.map { Arrivals(packets: $0, seconds: 0.5) }
            #expect(Self.codes([a, b]).isEmpty, "\(loud) \(quiet)")
        }
    }

    @Test func `a node that answers none of its own packets is found, unless another drains them`() {
        var (a, b) = (Self.node("a", owned: [1]), Self.node("b", owned: [2]))
        a.rates = [BucketRates(arrived: Rate(packetsPerSecond: 100)), BucketRates()]
        a.arrivals = [50, 51].map { Arrivals(packets: $0, own: $0, seconds: 0.5) }
        let found = Self.findings([a, b])
        #expect(found.map(\.code) == ["not_accepting"] && found.first?.buckets == [1])
        #expect(found.first?.evidence == "101 packets of a's own buckets reached it in 1.0 s, and it accepted none")
        b.sample?.ownership.set(1, to: .draining)
        #expect(Self.codes([a, b]).isEmpty)
        a.arrivals[1].accepted = 1
        b.sample?.ownership = Ownership(owned: [2])
        #expect(Self.codes([a, b]).isEmpty)
    }

    @Test func `too little traffic to judge reception by is said`() {
        var nodes = [Self.node("a", owned: [1]), Self.node("b", owned: [2])]
        nodes[0].arrivals = [Arrivals(packets: 1, seconds: 0.5), Arrivals(packets: 2, seconds: 0.5)]
        let snapshot = ClusterSnapshot(configuration: Self.configuration(), nodes: nodes)
        #expect(snapshot.unjudgedReception?.contains("no more than 3 reached any in 1.0 s") == true)
        nodes[0].arrivals = [Arrivals(packets: 10, seconds: 0.5), Arrivals(packets: 20, seconds: 0.5)]
        #expect(ClusterSnapshot(configuration: Self.configuration(), nodes: nodes).unjudgedReception == nil)
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
        node.sample?.configuration.scheme = .clusterIP(
            Placement(mode: .sourceIPSourcePort, bucketCount: 2, seed: 42))
        #expect(Self.codes([Self.node("a", owned: [1]), node]) == ["mode_mismatch"])
        node = Self.node("b", owned: [2])
        node.sample?.configuration.scheme = .clusterIP(Placement(mode: .sourceIP, bucketCount: 3, seed: 42))
        #expect(Self.codes([Self.node("a", owned: [1]), node]) == ["total_mismatch"])
        node = Self.node("b", owned: [2])
        node.sample?.configuration.mac = MACAddress(number: 0x0100_5e08_0002)
        #expect(Self.codes([Self.node("a", owned: [1]), node]) == ["mac_mismatch"])
    }
}
