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

    @Test(arguments: forms)
    func bucketsMoveByTheMasks(_ rules: [String]) throws {
        try Self.run(rules.map { "iptables-nft \($0)" }) { driver in
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
            let saved = try shell("iptables-nft-save -t mangle")
            #expect(saved.contains("--comment ours") == rules.contains { $0.contains("ours") })
        }
    }

    @Test func legacyRulesAreOnlyRead() throws {
        try Self.run(Self.forms[1].map { "iptables-legacy \($0)" }) { driver in
            let abilities = try driver.sample().clusters[0].capabilities.abilities
            #expect(abilities.isEmpty)
            let error = #expect(throws: DriverError.self) {
                _ = try Self.step(driver, "op-1", [(1, .owned, nil)])
            }
            #expect(error?.code == .notSupported)
            #expect(try driver.sample().clusters[0].ownership.accepting == [1, 2])
        }
    }
}
