import ClusterModel
import Responsibility
import Testing
import Wording

@Suite struct NodeFactTests {
    private static let settings = ClusterConfiguration(
        name: "web", address: IPAddress(10, 8, 0, 1), prefixLength: 16, interface: "eth0",
        mac: MACAddress(number: 0x0100_5e08_0001),
        scheme: .clusterIP(Placement(mode: .sourceIP, bucketCount: 2, seed: 42)))

    private static func node(_ change: (inout NodeStatus) -> Void = { _ in }) -> NodeStatus {
        var node = NodeStatus(
            name: "a", state: .live,
            sample: ClusterSample(
                configuration: settings, driver: "nftables", ownership: Ownership(owned: [1]), counters: [],
                health: MulticastHealth(interfaceMAC: MACAddress(number: 0x02_0000_0000_01))), generation: 7)
        change(&node)
        return node
    }

    private static func lines(_ node: NodeStatus) -> [String] {
        NodeFact.lines(node, in: settings).map { "\($0.label): \($0.text)\($0.isGood ? "" : " (bad)")" }
    }

    @Test func `facts that are well stand on one line`() {
        #expect(
            Self.lines(Self.node()) == [
                "interface: eth0 up, own MAC 02:00:00:00:00:01",
                "multicast: cluster MAC joined, ARP rewritten, address 10.8.0.1/16",
                "rules: as installed, nftables",
            ])
    }

    @Test func `where one is not well, each stands on a line of its own`() {
        let node = Self.node {
            $0.sample?.health.macJoined = false
            $0.sample?.configuration.scheme = .clusterIP(Placement(mode: .sourceIP, bucketCount: 2, seed: 7))
            $0.sample?.alterations = [.setMissing("owned"), .setForeign("x")]
            $0.facts.conntrack = ConntrackTable(count: 95, limit: 100)
        }
        #expect(
            Self.lines(node) == [
                "interface: eth0 up, own MAC 02:00:00:00:00:01",
                "cluster MAC: not joined: no frame for the cluster address is heard (bad)",
                "ARP: rewritten", "address: 10.8.0.1/16",
                "settings: sourceip, N 2, seed 7, 01:00:5e:08:00:01: not the cluster's (bad)",
                "rules: The set owned is missing. (bad)", "rules: The set x is foreign. (bad)",
                "conntrack: 95 connections of 100 (bad)",
            ])
    }

    @Test func `of a node that was never heard nothing is said`() {
        let node = NodeStatus(name: "a", state: .connecting)
        #expect(Self.lines(node).isEmpty)
        #expect(NodeFact.all.allSatisfy { $0.cell(node, in: Self.settings) == "-" })
    }

    @Test func `paths for programs are unique, and no path is the beginning of another`() {
        let node = Self.node { $0.facts.conntrack = ConntrackTable(count: 1, limit: 2) }
        let paths = NodeFact.all.flatMap { $0.read(node, Self.settings) }.flatMap { $0.json.keys }.sorted()
        #expect(
            paths == [
                "alterations", "arp.rewritten", "capabilities", "conntrack.count", "conntrack.limit", "driver",
                "generation",
                "mac.address", "mac.cluster_address_present", "mac.interface_mac", "mac.interface_present",
                "mac.interface_up", "mac.joined",
            ])
    }

    @Test func `what a driver or an agent cannot do is said`() {
        var node = Self.node {
            $0.isReadOnly = true
            $0.driverFailures = [DriverFailure(driver: "other", code: .busy, message: "too busy")]
        }
        node.sample?.capabilities = Capabilities(counters: [.arrived], abilities: [.membership, .moving, .marks])
        let lines = Self.lines(node)
        let said = [
            "driver: nftables lacks draining, ignoring, adopting, migrating, atomic steps and accepted counters",
            "driver: other failed: too busy (bad)", "agent: read-only: it refuses every change",
        ]
        #expect(lines.filter(said.contains) == said)
    }

    @Test func `a table shows the facts that have a heading`() {
        let cells = NodeFact.all.filter { $0.heading != nil }.map { $0.cell(Self.node(), in: Self.settings) }
        #expect(cells == ["nftables", "-"])
    }
}
