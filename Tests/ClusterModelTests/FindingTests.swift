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

    @Test func `what a node will do wrong when its table goes or it boots is found, where it is told`() {
        let health = MulticastHealth(guardState: .missing, addressIsForeign: true)
        var node = Self.node("a", owned: [1, 2], health: health)
        node.isBootMember = false
        let address = IPAddress(10, 8, 0, 1)
        let found = Self.findings([node])
        #expect(
            found.map(\.kind) == [
                .boot(.guardMissing(address)), .boot(.addressForeign(address, interface: "eth0")),
                .boot(.notAtBoot(address)),
            ])
        #expect(found.map(\.severity) == [.warning, .warning, .notice])
        #expect(
            found.map(\.remedy) == [
                .reinstall(node: "a"), .unconfigure(address, 16, interface: "eth0", node: "a"),
                .enableAtBoot(address, cluster: "web", node: "a"),
            ])
        node.isBootMember = true
        node.sample?.health = MulticastHealth(guardState: .held, addressIsForeign: false)
        #expect(Self.findings([node]).isEmpty)
        // A driver that has no guard has no units either.
        node.isBootMember = false
        node.sample?.health = MulticastHealth()
        #expect(Self.findings([node]).isEmpty)
    }

    @Test func `what arrives for a node that does not count is told by one that does, and hears the same`() {
        var silent = Self.node("b", owned: [2])
        silent.sample?.capabilities.counters = []
        var counting = Self.node("a", owned: [1])
        counting.sample?.counters = [
            BucketCounters(arrived: PacketCount(packets: 5, bytes: 1)),
            BucketCounters(arrived: PacketCount(packets: 7, bytes: 1)),
        ]
        func arrivals() -> PeerArrivals? {
            ClusterSnapshot(configuration: Self.configuration(), nodes: [counting, silent]).peerArrivals(of: silent)
        }
        #expect(arrivals() == PeerArrivals(peer: "a", packets: 7))
        counting.state = .stale
        #expect(arrivals() == nil)
        counting.state = .live
        counting.sample?.configuration = Self.configuration(seed: 7)
        #expect(arrivals() == nil)
        silent.sample?.capabilities.counters = [.arrived]
        #expect(arrivals() == nil)
    }

    @Test func `nodes whose kernels or processors hash differently are no cluster, though their settings are alike`() {
        var old = Self.node("b", owned: [2])
        func place(_ generation: JhashGeneration, _ order: ByteOrder) -> HashScheme {
            .clusterIP(Placement(mode: .sourceIP, bucketCount: 2, seed: 42, generation: generation, byteOrder: order))
        }
        old.sample?.configuration.scheme = place(.lookup3WithoutLength, .little)
        #expect(Self.findings([Self.node("a", owned: [1]), old]).map(\.code) == ["generation_mismatch"])
        old.sample?.configuration.scheme = place(.lookup3, .big)
        #expect(Self.findings([Self.node("a", owned: [1]), old]).map(\.code) == ["byte_order_mismatch"])
    }

    @Test func `a node that a guard keeps silent answers nobody, and what nobody owns is unanswered`() {
        var bare = NodeStatus(name: "b", state: .live, isBare: true)
        bare.isGuarded = true
        let found = Self.findings([Self.node("a", owned: [1]), bare])
        #expect(found.map(\.code) == ["orphan", "table_flushed"])
        #expect(found[0].kind == .coverage(.orphan(unheard: [], lost: nil, bare: [])))
        #expect(found[1].severity == .warning && found[1].remedy == .reinstall(node: "b"))
    }

    @Test func `an orphan and a conflict are found`() {
        #expect(Self.codes([Self.node("a", owned: [1]), Self.node("b", owned: [1])]) == ["orphan", "conflict"])
    }

    @Test func `lists of members that are not the cluster's are found`() throws {
        func listing(_ node: NodeStatus, _ members: [String]) -> NodeStatus {
            var node = node
            node.sample?.notes.members = members
            return node
        }
        let (a, b) = (Self.node("a", owned: [1]), Self.node("b", owned: [2]))
        #expect(Self.codes([listing(a, ["a", "b"]), listing(b, ["a", "b"])]).isEmpty)
        let strangers = try #require(Self.findings([listing(a, ["a", "b", "x"]), b]).first)
        #expect(strangers.code == "members_unknown" && strangers.remedy == .addToFile(["x"]))
        let lacking = try #require(Self.findings([listing(a, ["a"]), b]).first)
        #expect(lacking.code == "members_differ" && lacking.remedy == .reinstall(node: "a"))
        let former = Self.findings([listing(a, ["a", "b", "c"]), b, NodeStatus(name: "c", state: .live)])
        #expect(former.contains { $0.kind == .members(.former(["c"])) && $0.remedy == .join(node: "c") })
    }

    @Test func `another seed is found, and named`() throws {
        let nodes = [Self.node("a", owned: [1]), Self.node("b", owned: [2], seed: 7)]
        let found = try #require(
            ClusterSnapshot(configuration: Self.configuration(), nodes: nodes).worstFindings().first)
        #expect(found.code == "seed_mismatch" && found.node == "b")
        #expect(found.kind == .settings(.seed(7, most: 42)) && found.remedy == .reinstall(node: "b"))
    }

    @Test func `each lack of health is found`() {
        let health = MulticastHealth(interfaceUp: false, macJoined: false, arpRewritten: false, addressPresent: false)
        #expect(
            Self.codes([Self.node("a", owned: [1, 2], health: health)])
                == ["interface_down", "address_missing", "mac_missing", "arp_rewrite_missing"])
    }

    @Test(arguments: [
        ([1500, 1500, 9000], ["c"]), ([1500, 9000], []), ([1500, 1500, nil], []), ([nil, 1500, 1500], []),
    ])
    func `another MTU than that of most nodes is found`(sizes: [Int?], expected: [String]) {
        let nodes = zip(["a", "b", "c"], sizes).enumerated().map { index, node in
            Self.node(node.0, owned: [index + 1], health: MulticastHealth(mtu: node.1))
        }
        let found = Self.findings(nodes).filter { $0.code == "mtu_mismatch" }
        #expect(found.map(\.node) == expected)
        #expect(found.allSatisfy { $0.remedy == .command(["ip", "link", "set", "eth0", "mtu", "1500"], on: "c") })
    }

    @Test func `a connection-tracking table that is full or nearly is found`() throws {
        func findings(_ count: Int, of limit: Int) -> [Finding] {
            var node = Self.node("a", owned: [1, 2])
            node.facts.conntrack = ConntrackTable(count: count, limit: limit)
            return Self.findings([node])
        }
        #expect(findings(899, of: 1000).isEmpty && findings(.max, of: 0).count == 1)
        let warned = try #require(findings(900, of: 1000).first)
        #expect(warned.code == "conntrack_full" && warned.severity == .warning && warned.node == "a")
        #expect(warned.kind == .traffic(.conntrackFull(ConntrackTable(count: 900, limit: 1000))))
        #expect(warned.remedy == .command(["sysctl", "-w", "net.netfilter.nf_conntrack_max=2000"], on: "a"))
        #expect(findings(1000, of: 1000).first?.severity == .critical)
    }

    @Test func `a dead node's unserved buckets name the node and its take-over`() throws {
        let found = Self.findings([Self.node("a", owned: [1]), Self.node("b", owned: [2], state: .unreachable)])
        #expect(found.map(\.code) == ["unserved"])
        #expect(found[0].node == "b" && found[0].buckets == [2])
        let mending = Remedy.mendLink(node: "b", nil)
        #expect(found[0].remedy == .ifDead(node: "b", .takeOver(node: "b"), otherwise: mending))
        #expect(
            Self.codes([Self.node("a", owned: [1, 2]), Self.node("b", owned: [2], state: .unreachable)])
                == ["node_unreachable"])
    }

    @Test func `orphans beside a node that was never heard are its own, as far as one can know`() {
        let found = Self.findings([Self.node("a", owned: [1]), NodeStatus(name: "b", state: .unreachable)])
        #expect(found.map(\.code) == ["orphan", "node_unreachable"])
        #expect(found[0].remedy == .ifDead(node: "b", .takeOver(node: "b"), otherwise: nil))
        #expect(found[1].kind == .silence(.unreachable(nil, wasHeard: false, orphans: [2])))
    }

    @Test func `orphans are no alarm yet while a node is being connected to`() {
        let found = Self.findings([Self.node("a", owned: [1]), NodeStatus(name: "b", state: .connecting)])
        #expect(found.map(\.code) == ["orphan"] && found[0].severity == .warning)
        #expect(found[0].kind == .coverage(.orphan(unheard: ["b"], lost: nil)))
        #expect(found[0].remedy == .awaitNodes(["b"]))
    }

    @Test func `a node that carries the address without a table is found`() {
        var bare = NodeStatus(name: "b", state: .live, isBare: true)
        #expect(Self.codes([Self.node("a", owned: [1, 2]), bare]) == ["table_flushed"])
        bare.lost = Self.node("b", owned: [2]).sample
        bare.foreignChange = .init(name: "nft", pid: 4711, user: "ops")
        let found = Self.findings([Self.node("a", owned: [1]), bare])
        #expect(found.map(\.code) == ["orphan", "table_flushed"])
        #expect(found[1].kind == .silence(.tableFlushed(IPAddress(10, 8, 0, 1), hadTable: true)))
        #expect(found[1].changes == [.init(node: "b", process: .init(name: "nft", pid: 4711, user: "ops"))])
        #expect(found[1].buckets == [2])
        #expect(found.allSatisfy { $0.remedy == .reinstall(node: "b") })
    }

    @Test func `when every table is gone, what makes them anew is told`() {
        let nodes = ["a", "b"].enumerated().map { index, name in
            var node = NodeStatus(name: name, state: .live, isBare: true)
            node.lost = Self.node(name, owned: [index + 1]).sample
            return node
        }
        let found = Self.findings(nodes)
        #expect(found.map(\.code) == ["orphan", "table_flushed", "table_flushed"])
        #expect(found.allSatisfy { $0.remedy == .install(Self.configuration(), owned: ["a": [1], "b": [2]]) })
    }

    @Test func `a conflict made by sets that contradict themselves is repaired when the node is made anew`() {
        var node = Self.node("a", owned: [1, 2])
        node.sample?.alterations = [.ownedDraining([2])]
        let found = Self.findings([node, Self.node("b", owned: [2])])
        #expect(found.map(\.code) == ["conflict", "rules_altered"])
        #expect(
            found.map(\.remedy) == [.inOrder([.reinstall(node: "a"), .repair]), .reinstall(node: "a")])
    }

    @Test func `what was adopted and never settled is not forgotten`() throws {
        var node = Self.node("a", owned: [1, 2])
        node.sample?.ownership.adopted = [2]
        let found = try #require(Self.findings([node]).first)
        #expect(found.code == "not_settled" && found.severity == .notice && found.buckets == [2])
        #expect(found.remedy == .finalize(node: "a"))
    }

    @Test func `a node without table and address is harmless`() {
        let found = Self.findings([Self.node("a", owned: [1, 2]), NodeStatus(name: "b", state: .live)])
        #expect(found.map(\.code) == ["not_a_member"] && found[0].severity == .warning)
    }

    @Test func `a foreign change that did no harm is a notice, and harm names its author`() {
        var node = Self.node("b", owned: [2])
        let process = ProgramIdentity.Process(name: "nft", pid: 4711)
        node.foreignChange = process
        let harmless = Self.findings([Self.node("a", owned: [1]), node])
        #expect(harmless.map(\.code) == ["foreign_change"] && harmless[0].severity == .notice)
        #expect(harmless[0].kind == .table(.foreignChange(process)) && harmless[0].remedy == .acceptChange)
        node.sample?.ownership = Ownership(owned: [1, 2])
        let harm = Self.findings([Self.node("a", owned: [1]), node])
        #expect(harm.map(\.code) == ["conflict"])
        #expect(harm[0].changes == [.init(node: "b", process: process)])
    }

    @Test func `what is wrong with ARP is one finding`() {
        var node = Self.node("a", owned: [1, 2], health: MulticastHealth(arpRewritten: false))
        node.sample?.alterations = [.tableMissing(.arp)]
        let found = Self.findings([node])
        #expect(found.map(\.code) == ["arp_rewrite_missing"])
        #expect(found[0].kind == .interface(.arpNotRewritten(Self.configuration().mac, .tableMissing(.arp))))
    }

    @Test func `a node that owns no bucket hurts nobody by being deaf`() {
        let found = Self.findings([
            Self.node("a", owned: [1, 2]), Self.node("b", owned: [], health: MulticastHealth(macJoined: false)),
        ])
        #expect(found.map(\.code) == ["one_node", "mac_missing"])
        #expect(found[1].severity == .warning && found[1].buckets.isEmpty)
    }

    @Test func `why a node is silent is kept, and so is what mends it`() {
        let failure = LinkFailure.silent(seconds: 3)
        let node = NodeStatus(name: "b", state: .unreachable, failure: failure)
        let found = Self.findings([Self.node("a", owned: [1, 2]), node])
        #expect(found.map(\.kind) == [.silence(.unreachable(failure, wasHeard: false, orphans: []))])
        #expect(found.map(\.remedy) == [.mendLink(node: "b", failure)])
    }

    @Test func `an interface that came back empty was made anew`() {
        let empty = MulticastHealth(macJoined: false, addressPresent: false)
        #expect(Self.codes([Self.node("a", owned: [1, 2], health: empty)]) == ["interface_recreated"])
        let none = MulticastHealth(interfacePresent: false)
        #expect(Self.codes([Self.node("a", owned: [1, 2], health: none)]) == ["interface_missing"])
    }

    @Test func `altered rules are shown with what the driver saw`() {
        var node = Self.node("a", owned: [1, 2])
        let alteration = Alteration.ruleMissing(.init(.ip, "in"), rule: "drop")
        node.sample?.alterations = [alteration]
        let found = Self.findings([node])
        #expect(found.map(\.code) == ["rules_altered"])
        #expect(found[0].kind == .table(.altered([alteration])))
    }

    @Test func `a node that receives nothing while its peers do is behind a switch that does not flood`() {
        func node(_ name: String, _ owned: BucketSet, _ packets: Double...) -> NodeStatus {
            var node = Self.node(name, owned: owned)
            node.arrivals = packets.map { Arrivals(packets: $0, seconds: 0.5) }
            return node
        }
        let found = Self.findings([node("a", [1], 150, 151), node("b", [2], 0, 0)])
        #expect(found.map(\.code) == ["not_receiving"] && found[0].severity == .critical)
        let (none, many) = (Arrivals(packets: 0, seconds: 1), Arrivals(packets: 301, seconds: 1))
        let address = IPAddress(10, 8, 0, 1)
        #expect(found.first?.kind == .traffic(.notReceiving(address, none, peer: "a", peerArrivals: many)))
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

    @Test func `a node that accepts none of its own packets is found, unless another drains them`() {
        var (a, b) = (Self.node("a", owned: [1]), Self.node("b", owned: [2]))
        a.rates = [BucketRates(arrived: Rate(packetsPerSecond: 100)), BucketRates()]
        a.arrivals = [50, 51].map { Arrivals(packets: $0, own: $0, accepted: 0, seconds: 0.5) }
        let found = Self.findings([a, b])
        #expect(found.map(\.code) == ["not_accepting"] && found.first?.buckets == [1])
        #expect(found.first?.kind == .traffic(.notAccepting(Arrivals(packets: 101, own: 101, accepted: 0, seconds: 1))))
        b.sample?.ownership.set(1, to: .draining)
        #expect(Self.codes([a, b]).isEmpty)
        b.sample?.ownership = Ownership(owned: [2])
        // A driver that does not count what it accepts says nothing of it.
        a.arrivals = [50, 51].map { Arrivals(packets: $0, own: $0, seconds: 0.5) }
        #expect(Self.codes([a, b]).isEmpty)
        a.arrivals = [50, 51].map { Arrivals(packets: $0, own: $0, accepted: 0, seconds: 0.5) }
        a.arrivals[1].accepted = 1
        b.sample?.ownership = Ownership(owned: [2])
        #expect(Self.codes([a, b]).isEmpty)
    }

    @Test func `too little traffic to judge reception by is said`() {
        var nodes = [Self.node("a", owned: [1]), Self.node("b", owned: [2])]
        nodes[0].arrivals = [Arrivals(packets: 1, seconds: 0.5), Arrivals(packets: 2, seconds: 0.5)]
        let snapshot = ClusterSnapshot(configuration: Self.configuration(), nodes: nodes)
        #expect(snapshot.unjudgedReception == UnjudgedReception(packets: 3, seconds: 1))
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
        #expect(found.first?.kind == .coverage(.conflict(owners: ["a", "b"])))
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
