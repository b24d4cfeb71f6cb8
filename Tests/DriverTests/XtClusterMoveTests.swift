import ClusterModel
import LinuxNode
import NodeDriver
import Responsibility
import Testing
import XtCluster

@testable import PacketRules

/// Buckets move by the masks of iptables-nft's rules, whatever form the rules have.
@Suite struct XtClusterMoveTests {
    private static let match = "-m cluster --cluster-total-nodes 4 --cluster-hash-seed 42"
    private static let to = "-t mangle -A PREROUTING -d 10.8.0.1 -i eth0"

    static let forms: [[String]] = [
        [
            "\(to) \(match) --cluster-local-node 1 -m comment --comment ours -j ACCEPT",
            "\(to) \(match) --cluster-local-node 2 -j ACCEPT", "\(to) -j DROP",
        ],
        ["\(to) \(match) --cluster-local-nodemask 3 -j ACCEPT", "\(to) -j DROP"],
        ["\(to) \(match) ! --cluster-local-nodemask 3 -j DROP"],
        [
            "-t mangle -A PREROUTING -i eth0 \(match) --cluster-local-nodemask 3 -j MARK --set-mark 0xffff",
            "\(to) -m mark ! --mark 0xffff -j DROP",
        ],
    ]

    private static func run(_ commands: [String], _ body: (XtClusterDriver) throws -> Void) throws {
        try Namespaces.run { _ in
            let directory = "/tmp/clusterip-notes-\(UInt64.random(in: .min ... .max))"
            defer { _ = try? shell("rm -rf \(directory)") }
            try shell((["ip address add 10.8.0.1/16 brd + dev eth0"] + commands).joined(separator: "\n"))
            try body(try XtClusterDriver(try LinuxProbe(), notes: StepNotes(directory: directory)))
        }
    }

    private static func step(
        _ driver: XtClusterDriver, _ operation: String, _ changes: [(Int, BucketState?, BucketState?)]
    ) throws -> StepOutcome {
        try driver.apply(
            StepRequest(
                operation: operation, address: Traffic.cluster,
                changes: changes.map { .init(bucket: $0.0, from: $0.1, to: $0.2) }))
    }

    @Test(arguments: ["iptables-nft", "iptables-legacy"], forms)
    func bucketsMoveByTheMasks(_ iptables: String, _ rules: [String]) throws {
        try Self.run(rules.map { "\(iptables) \($0)" }) { driver in
            func owned() throws -> BucketSet { try driver.sample().clusters[0].ownership.accepting }
            #expect(try Self.step(driver, "op-1", [(1, .owned, nil), (2, .owned, nil)]) == .applied)
            #expect(try owned().isEmpty)
            #expect(try Self.step(driver, "op-2", [(3, nil, .owned), (4, nil, .owned), (1, nil, .owned)]) == .applied)
            #expect(try owned() == [1, 3, 4])
            #expect(try driver.operations(of: Traffic.cluster)[3] == "op-2")
            #expect(try Self.step(driver, "op-2", [(3, nil, .owned)]) == .applied)
            guard case .refused = try Self.step(driver, "op-3", [(3, nil, .owned)]) else {
                Issue.record("a claim of what is owned was carried out")
                return
            }
            let sample = try driver.sample().clusters[0]
            #expect(sample.alterations.allSatisfy { $0 != .rule(.dropMissing([2])) })
            let saved = try shell("\(iptables)-save -t mangle")
            #expect(saved.contains("--comment ours") == rules.contains { $0.contains("ours") })
        }
    }

    /// A table of x_tables is replaced as a whole: everything else in it stays, with what it has counted.
    @Test func theRestOfALegacyTableStays() throws {
        let rest = [
            "-N LIMIT", "-N SHARE", "-A LIMIT -s 10.9.0.0/16 -m limit --limit 5/sec -j RETURN",
            "-A LIMIT -j MARK --set-mark 3",
            "-A PREROUTING -p udp --dport 9 -g LIMIT", "-P FORWARD DROP",
        ].map { "iptables-legacy -t mangle \($0)" }
        try Self.run(
            rest + Self.forms[1].map { "iptables-legacy \($0)" } + ["iptables-legacy -t mangle -A PREROUTING -j SHARE"]
        ) {
            driver in
            let picture = "iptables-legacy-save -c -t mangle | sed -e '/^#/d' -e 's/-m cluster .*//'"
            try shell(
                "iptables-legacy-save -t mangle | sed 's/-A PREROUTING -p udp/[7:700] &/' | iptables-legacy-restore -c")
            let before = try shell(picture)
            #expect(before.contains("[7:700]"))
            #expect(try Self.step(driver, "op-1", [(1, .owned, nil), (3, nil, .owned)]) == .applied)
            #expect(try driver.sample().clusters[0].ownership.accepting == [2, 3])
            #expect(try shell(picture) == before)
            try driver.retire(Traffic.cluster)
            #expect(try driver.sample().clusters.isEmpty)
            let after = try shell("iptables-legacy-save -c -t mangle")
            #expect(after.contains("-g LIMIT") && after.contains("-j SHARE") && after.contains("[7:700]"))
            #expect(!after.contains("cluster"))
        }
    }
}
