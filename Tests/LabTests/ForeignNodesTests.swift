import ClusterModel
import Responsibility
import Testing

@testable import Lab

/// Nodes of three kinds share one address: each packet is answered once, also while rules give way to tables of ours.
@Suite(.serialized)
struct ForeignNodesTests {
    @Test func `nodes of every kind share an address, and rules give way to tables without a client noticing`() throws {
        let place = try TestLab()
        let lab = try place.up("--nodes", "2", "--xt", "2", "--ipaddr2", "1", "--buckets", "10", "--hash-init", "7")
        #expect(lab.options.scheme.name == "cluster-match")
        let status = try place.clusterip("status").output
        let drivers = status.split(separator: "\n").filter { $0.hasPrefix("node") && $0.contains(" live ") }
            .map { String($0.split(separator: " ")[2]) }
        #expect(drivers == ["nftables", "nftables", "xt_cluster", "xt_cluster", "IPaddr2"], "\(status)")
        #expect(status.contains("every bucket has exactly one owner"), "\(status)")
        let findings = try place.clusterip("findings", "--for", "2s").output
        #expect(!findings.contains("critical ") && !findings.contains("warning "), "\(findings)")
        for node in ["node3", "node4"] {
            let outcome = try place.clusterip("migrate", node, "--yes")
            #expect(outcome.status == 0, "\(outcome)")
        }
        // Its rules ask for no connection: the kernel begins to track, and what says something until then lives on.
        let begun = try place.clusterip("migrate", "node5", "--yes")
        #expect(begun.status != 0 && begun.output.contains("the kernel tracks the connections"), "\(begun)")
        let isTracked = try TestLab.eventually {
            let open = try LabStatus(lab).nodes[4].service.connections
            let lines = try place.exec("node5", "conntrack -L -p tcp -d 10.8.0.1 --state ESTABLISHED").output
            return lines.split(separator: "\n").count >= open
        }
        #expect(isTracked)
        let over = try place.clusterip("migrate", "node5", "--yes")
        #expect(over.status == 0, "\(over)")
        let after = try place.clusterip("status").output
        #expect(after.contains("every bucket has exactly one owner"), "\(after)")
        #expect(!after.contains("xt_cluster") && !after.contains("IPaddr2"), "\(after)")
        #expect(try place.exec("node3", "iptables-nft-save").output.contains("cluster") == false)
        #expect(try !place.exec("node5", "nft list ruleset").output.contains("cip-node-"))
        try goesBack("node4", place)
        try takesOpenConnections("node4", place)
        // Whatever was sent a second ago is judged now.
        let isJudged = try TestLab.eventually {
            try (LabStatus(lab).traffic?.udp.total.sent ?? 0) > 2000
        }
        let traffic = try #require(LabStatus(lab).traffic)
        #expect(isJudged && traffic.udp.total.twice == 0 && traffic.udp.total.unanswered == 0, "\(traffic.udp)")
        #expect(traffic.tcp.total.resets == 0 && traffic.tcp.total.wrong == 0, "\(traffic.tcp)")
        try endsForeignAddress(of: "node3", place)
    }

    /// The way back, as it is printed.
    private func goesBack(_ node: String, _ place: TestLab) throws {
        let lines = try place.clusterip("migrate", "--check", node).output.split(separator: "\n")
        let line = try #require(lines.first { $0.contains("the way back") })
        let command = try #require(line.firstMatch(of: /on \w+: (.*)/))
        let back = try place.exec(node, String(command.1))
        #expect(back.status == 0, "\(back)")
        let status = try place.clusterip("status").output
        #expect(status.contains("every bucket has exactly one owner"), "\(status)")
        #expect(status.contains { $0 == "\n" } && status.contains("xt_cluster"), "\(status)")
    }

    /// Where connection tracking takes up no segment, a node leaves alone what another keeps: nothing must be forced.
    private func takesOpenConnections(_ node: String, _ place: TestLab) throws {
        let forced = try place.clusterip("move", "1", "--to", node, "--yes")
        #expect(forced.status == 1 && forced.errors.contains("nf_conntrack_tcp_loose"), "\(forced)")
        _ = try place.exec(node, "sysctl -qw net.netfilter.nf_conntrack_tcp_loose=0")
        let moved = try place.clusterip("move", "1", "--to", node, "--yes")
        #expect(moved.status == 0, "\(moved)")
    }

    /// The address that the rules' program had put there is told, and goes by the commands that are printed.
    private func endsForeignAddress(of node: String, _ place: TestLab) throws {
        func lines() throws -> [Substring] {
            try place.clusterip("findings", "--format", "csv", "--for", "0.5").output.split(separator: "\n").filter {
                $0.contains("address_foreign") && $0.contains(node)
            }
        }
        let told = try lines()
        let removal = "ip address del 10.8.0.1/16 dev eth0"
        #expect(told.count == 1 && told[0].contains("on \(node): \(removal), then: clusterip reinstall \(node)"))
        #expect(try place.exec(node, removal).status == 0)
        let anew = try place.clusterip("reinstall", node, "--yes")
        #expect(anew.status == 0, "\(anew)")
        #expect(try lines().isEmpty)
    }

    @Test func `kinds are counted and placed, and what cannot be is said`() throws {
        var options = LabOptions(nodes: 5, xtCluster: 2, ipaddr2: 1)
        #expect((1...5).map(options.kind) == [.nftables, .nftables, .xtCluster, .xtCluster, .ipaddr2])
        #expect(throws: LabError.self) { try options.validate() }
        options.scheme = .clusterMatch(.init(bucketCount: 33, seed: 1))
        #expect(throws: LabError.self) { try options.validate() }
        options.scheme = .clusterMatch(.init(bucketCount: 32, seed: 1))
        try options.validate()
        options.ipaddr2 = 4
        #expect(throws: LabError.self) { try options.validate() }
        var old = LabOptions(nodes: 4, kernels: [.linux61, .linux510])
        #expect((1...4).map(old.kind) == [.nftables, .nftables, .iptClusterip, .iptClusterip])
        #expect((1...4).map(old.release) == [nil, nil, .linux61, .linux510])
        try old.validate()
        old.scheme = .clusterMatch(.init(bucketCount: 16, seed: 1))
        #expect(throws: LabError.self) { try old.validate() }
        old.scheme = .clusterIP(Placement(mode: .sourceIP, bucketCount: 17, seed: 42))
        #expect(throws: LabError.self) { try old.validate() }
    }
}
