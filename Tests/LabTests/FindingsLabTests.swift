import ClusterModel
import FoundationEssentials
import Glibc
import Testing
import Wording

@testable import Lab

/// Each finding, made on real kernels by what makes it, seen by `clusterip findings`, and ended by its own remedy.
@Suite(.serialized) struct FindingsLabTests {
    /// What `findings --format json` prints.
    private struct Report: Decodable {
        var findings: [WordedFinding]
    }

    /// Something that goes wrong, and the finding that it must become.
    private struct Trouble {
        var code: String
        /// What makes it, in the network namespace of node2, or of the bridge.
        var script: String
        var onBridge = false
        /// The exit status of `findings`.
        var status: Int32 = 2
        /// What ends it, when it is no command that the finding prints.
        var remedy: String?
        /// What the node's own network configuration does besides, such as routes that went with a link.
        var afterwards: String?
    }

    private static let route = "ip route replace \(LabNetwork.clientNetwork)/16 via \(LabNetwork.clientAddress)"

    private static let table = "ip clusterip_10_8_0_1"

    private static let troubles = [
        Trouble(code: "orphan", script: "nft delete element \(table) owned { 7 }"),
        Trouble(code: "conflict", script: "nft add element \(table) owned { 1 }"),
        Trouble(code: "rules_altered", script: "nft insert rule \(table) cluster_tcp accept"),
        Trouble(code: "rules_altered", script: "nft 'add table \(table) { flags dormant; }'"),
        Trouble(
            code: "not_accepting",
            script: "nft 'add table ip raw; add chain ip raw p { type filter hook prerouting priority raw; }; "
                + "add rule ip raw p notrack'",
            remedy: "nft delete table ip raw"),
        Trouble(code: "table_flushed", script: "nft flush ruleset"),
        Trouble(code: "table_flushed", script: "nft delete table \(table)"),
        Trouble(
            code: "arp_rewrite_missing",
            script: "nft 'delete table arp clusterip_10_8_0_1; delete table arp clusterip_guard_10_8_0_1'"),
        Trouble(code: "rules_altered", script: "nft delete table arp clusterip_10_8_0_1", status: 1),
        Trouble(code: "guard_missing", script: "nft delete table ip clusterip_guard_10_8_0_1", status: 1),
        Trouble(code: "mac_missing", script: "ip maddress del 01:00:5e:08:00:01 dev eth0"),
        Trouble(code: "address_missing", script: "ip address del 10.8.0.1/16 dev eth0"),
        Trouble(code: "interface_down", script: "ip link set eth0 down", afterwards: route),
        Trouble(code: "mtu_mismatch", script: "ip link set eth0 mtu 1400", status: 1),
        Trouble(
            code: "not_receiving", script: "bridge link set dev node2 flood off mcast_flood off", onBridge: true,
            remedy: "bridge link set dev node2 flood on mcast_flood on"),
        Trouble(code: "seed_mismatch", script: reinstall("\"hash_init\":42", "\"hash_init\":7")),
        Trouble(code: "mac_mismatch", script: reinstall("08:00:01", "08:00:02")),
        Trouble(code: "total_mismatch", script: reinstall("\"total_nodes\":16", "\"total_nodes\":32")),
        Trouble(code: "mode_mismatch", script: reinstall("sourceip-sourceport", "sourceip")),
    ]

    /// A node made a member anew, with one of its settings another.
    private static func reinstall(_ setting: String, _ other: String) -> String {
        let configuration = """
            {"name":"lab","address":"10.8.0.1","prefix_length":16,"interface":"eth0","mac":"01:00:5e:08:00:01",\
            "hash_mode":"sourceip-sourceport","total_nodes":16,"hash_init":42}
            """
        let calls = """
            {"jsonrpc":"2.0","id":1,"method":"uninstall","params":{"address":"10.8.0.1"}}
            {"jsonrpc":"2.0","id":2,"method":"install","params":{"configuration":\(configuration),"owned":[6,7,8,9,10]}}
            """
        let changed = calls.split(separator: setting, omittingEmptySubsequences: false).joined(separator: other)
        return "printf '%s\\n' '\(changed)' | \(TestLab.executable)-agent --strict"
    }

    @Test func `each finding comes with its cause and goes with its remedy`() throws {
        let place = try TestLab()
        try Self.endsEach(of: Self.troubles, place, place.up("--no-guard"))
    }

    /// Of rules of iptables' match cluster, which only the remedies' own commands can bring back.
    private static let troublesOfRules = [
        Trouble(code: "rules_missing", script: "iptables-nft -t mangle -F"),
        Trouble(code: "orphan", script: "iptables-nft -t mangle -D PREROUTING 1"),
        Trouble(
            code: "conflict",
            script: "iptables-nft -t mangle -I PREROUTING -d 10.8.0.1 -i eth0 -m cluster --cluster-total-nodes 6 "
                + "--cluster-hash-seed 42 --cluster-local-node 1 -j ACCEPT"),
        Trouble(code: "arp_rewrite_missing", script: "nft delete table arp IPaddr2_10_8_0_1"),
        Trouble(code: "mac_missing", script: "ip maddress del 01:00:5e:08:00:01 dev eth0"),
        Trouble(code: "address_missing", script: "ip address del 10.8.0.1/16 dev eth0"),
        Trouble(code: "interface_down", script: "ip link set eth0 down"),
        Trouble(
            code: "interface_recreated",
            script: "ip maddress del 01:00:5e:08:00:01 dev eth0; ip address del 10.8.0.1/16 dev eth0"),
    ]

    @Test func `each finding of rules of others goes with the command that it prints`() throws {
        let place = try TestLab()
        let lab = try place.up("--nodes", "0", "--xt", "3", "--buckets", "6")
        try Self.endsEach(of: Self.troublesOfRules, place, lab)
    }

    private static func endsEach(of troubles: [Trouble], _ place: TestLab, _ lab: LabState) throws {
        for trouble in troubles {
            try Self.run(trouble.script, onBridge: trouble.onBridge, place, lab)
            let found = try #require(try Self.wait(place) { $0.contains { $0.code == trouble.code } }, "\(trouble)")
            #expect(found.status == trouble.status, "\(trouble.code)")
            let finding = try #require(found.findings.first { $0.code == trouble.code })
            #expect(finding.evidence.contains { $0.isNumber } && !finding.effect.isEmpty, "\(finding)")
            if let remedy = trouble.remedy {
                try Self.run(remedy, onBridge: trouble.onBridge, place, lab)
            } else {
                try Self.obey(finding.remedy, place)
            }
            if let afterwards = trouble.afterwards {
                #expect(try Self.wait(place) { $0.map(\.code) == ["not_replying"] }?.status == 2, "no route leads back")
                try Self.run(afterwards, onBridge: false, place, lab)
            }
            #expect(try Self.wait(place) { $0.isEmpty }?.status == 0, "\(finding) was not ended by its remedy")
        }
    }

    @Test func `findings that cannot be written are no good news`() throws {
        let place = try TestLab()
        _ = try place.up("--nodes", "2", "--no-traffic")
        let findings = "\(TestLab.executable) findings --for 0.5"
        for closed in [">&-", ">/dev/full"] {
            let outcome = try place.run(["bash", "-c", "\(findings) \(closed)"])
            #expect(outcome.status == 3 && outcome.errors.contains("the findings cannot be written: "), "\(outcome)")
        }
        _ = try place.exec("node1", "nft delete element \(Self.table) owned { 1 }")
        let piped = try place.run(["bash", "-c", "\(findings) | true; exit ${PIPESTATUS[0]}"])
        #expect(piped.status == 2 && piped.errors.isEmpty, "\(piped)")
        #expect(try place.run(["bash", "-c", "\(findings) --quiet >&-"]).status == 2)
    }

    @Test func `a lost interface, a node alone and a dead node are found and ended`() throws {
        let place = try TestLab()
        let lab = try place.up("--nodes", "2")
        _ = try place.exec("node2", "ip link del eth0")
        #expect(try Self.wait(place) { $0.contains { $0.code == "interface_missing" } }?.status == 2)
        let pair = "ip link add node2 type veth peer name eth0 netns \(lab.nodes[1].pid) && ip link set node2 up"
        try Self.run("\(pair) master clusterip0", onBridge: true, place, lab)
        _ = try place.exec("node2", "ip link set eth0 up")
        let anew = try #require(try Self.wait(place) { $0.contains { $0.code == "interface_recreated" } })
        try Self.obey(try #require(anew.findings.first { $0.code == "interface_recreated" }).remedy, place)
        try Self.run(Self.route, onBridge: false, place, lab)
        #expect(try Self.wait(place) { $0.isEmpty }?.status == 0)

        let moved = try place.clusterip("move", "9-16", "--to", "node1", "--yes")
        #expect(moved.status == 0, "\(moved)")
        let alone = try #require(try Self.wait(place) { $0.contains { $0.code == "one_node" } })
        #expect(alone.status == 1)
        try Self.obey(try #require(alone.findings.first).remedy, place)
        #expect(try Self.wait(place) { $0.isEmpty }?.status == 0)

        kill(lab.nodes[1].pid, SIGKILL)
        let dead = try #require(try Self.wait(place) { $0.contains { $0.code == "orphan" } })
        #expect(dead.findings.contains { $0.code == "node_unreachable" && $0.node == "node2" })
        #expect(dead.findings[0].remedy == "if node2 is dead: clusterip takeover node2")
        let taken = try place.clusterip("takeover", "node2", "--yes", "--force", "not-fenced")
        #expect(taken.status == 0 && taken.output.contains("`clusterip settle` ends that"), "\(taken)")
        let adopted = try #require(try Self.wait(place) { $0.contains { $0.code == "not_settled" } })
        #expect(adopted.status == 1 && !adopted.findings.contains { $0.code == "orphan" })
        try Self.obey(try #require(adopted.findings.first { $0.code == "not_settled" }).remedy, place)
        #expect(try Self.wait(place) { $0.map(\.code) == ["node_unreachable"] }?.status == 1)
    }

    /// Looks until the findings are such, thirty times at most; nil when they never are.
    private static func wait(
        _ place: TestLab, _ condition: ([WordedFinding]) -> Bool
    ) throws -> (status: Int32, findings: [WordedFinding])? {
        for _ in 0..<30 {
            let outcome = try place.clusterip("findings", "--format", "json", "--for", "0.5")
            let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
            if condition(report.findings) { return (outcome.status, report.findings) }
        }
        return nil
    }

    private static func run(_ script: String, onBridge: Bool, _ place: TestLab, _ lab: LabState) throws {
        let outcome =
            try onBridge
            ? place.run(["nsenter", "-t", "\(lab.supervisor)", "-n", "--", "bash", "-c", script])
            : place.exec("node2", script)
        try #require(outcome.status == 0, "\(script): \(outcome)")
    }

    /// Does what a finding says ends it: commands of this program, or one on a node, one after the other.
    private static func obey(_ remedy: String, _ place: TestLab) throws {
        let lasting = remedy.split(separator: "; until then: ").first ?? ""
        for part in lasting.split(separator: ", then: ") {
            let outcome: TestLab.Outcome
            if part.hasPrefix("clusterip ") {
                let words = part.split(separator: " ").dropFirst().map(String.init)
                outcome = try place.run([TestLab.executable] + words + ["--yes"])
            } else {
                let command = try #require(part.wholeMatch(of: /on (\w+): (.*)/), "\(remedy) is no command")
                outcome = try place.exec(String(command.1), String(command.2))
            }
            #expect(outcome.status == 0, "\(part): \(outcome)")
        }
    }
}
