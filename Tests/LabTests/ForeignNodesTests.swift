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
        let refused = try place.clusterip("migrate", "node5", "--yes")
        #expect(refused.status == 1 && refused.errors.contains("migrate --check node5"), "\(refused)")
        let after = try place.clusterip("status").output
        #expect(after.contains("every bucket has exactly one owner") && !after.contains("xt_cluster"), "\(after)")
        #expect(try place.exec("node3", "iptables-nft-save").output.contains("cluster") == false)
        // Whatever was sent a second ago is judged now.
        let isJudged = try TestLab.eventually {
            try (LabStatus(lab).traffic?.udp.total.sent ?? 0) > 2000
        }
        let traffic = try #require(LabStatus(lab).traffic)
        #expect(isJudged && traffic.udp.total.twice == 0 && traffic.udp.total.unanswered == 0, "\(traffic.udp)")
        #expect(traffic.tcp.total.resets == 0 && traffic.tcp.total.wrong == 0, "\(traffic.tcp)")
        try endsForeignAddress(of: "node3", place)
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
    }
}
