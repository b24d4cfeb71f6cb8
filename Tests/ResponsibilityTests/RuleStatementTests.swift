import LegacyNode
import Responsibility
import Testing

@Suite("Statements 32–34: rules of iptables")
struct RuleStatementTests {
    @Test func statement32ClusterMatchRulesFromBucket7OnDoNotSurviveSaving() throws {
        let match = ClusterMatch(bucketCount: 16, seed: 1)
        for bucket: UInt32 in 1...16 {
            let rule = try ClusterMatchRule(match: match, localNode: bucket)
            #expect(rule.survivesSaveAndRestore == (bucket < 7))
        }
    }

    private let full = [
        "--new", "--hashmode", "sourceip", "--clustermac", "1:0:5e:0:0:20", "--total-nodes", "0x10", "--local-node",
        "010",
    ]

    @Test func statement33NumbersMayBeOctalAndHexadecimalAndHashInitIsAlwaysSaved() throws {
        let rule = try LegacyRule(arguments: ["-A", "INPUT", "-d", "10.8.0.1", "-i", "vn", "-j", "CLUSTERIP"] + full)
        #expect(rule.options.totalNodes == 16 && rule.options.localNodes == [8])
        let saved =
            "-A INPUT -d 10.8.0.1/32 -i vn -j CLUSTERIP --new --hashmode sourceip --clustermac 01:00:5E:00:00:20"
            + " --total-nodes 16 --local-node 8 --hash-init 0"
        #expect(rule.saved == saved)
        #expect(try LegacyRule(arguments: saved.split(separator: " ").map(String.init)) == rule)
    }

    @Test(arguments: [
        (["--total-nodes", "17"], "CLUSTERIP: bad value for option \"--total-nodes\", or out of range (0-16)."),
        (["--total-nodes", "-1"], "CLUSTERIP: bad value for option \"--total-nodes\", or out of range (0-16)."),
        (["--local-node", "17"], "CLUSTERIP: bad value for option \"--local-node\", or out of range (0-16)."),
        (["--local-node", "08"], "CLUSTERIP: bad value for option \"--local-node\", or out of range (0-16)."),
        (["--clustermac", "02:00:5e:00:00:20"], "MAC has to be a multicast ethernet address"),
        (["--clustermac", "01-00-5e-00-00-20"], "Invalid MAC address specified."),
        (["--hashmode", "nosuch"], "Unknown hashmode \"nosuch\""),
    ])
    func statement33ValuesOutOfRangeAreRefused(change: [String], message: String) throws {
        var arguments = full
        let index = try #require(arguments.firstIndex(of: change[0]))
        arguments[index + 1] = change[1]
        #expect(throws: IptablesError(message)) { try LegacyOptions(arguments: arguments) }
    }

    @Test func statement33AllFiveOptionsBelongTogether() throws {
        #expect(throws: Never.self) { try LegacyOptions(arguments: []) }
        for start in [1, 3, 5, 7] {
            var arguments = full
            arguments.removeSubrange(start...start + 1)
            #expect(throws: IptablesError("CLUSTERIP target: Invalid parameter combination")) {
                try LegacyOptions(arguments: arguments)
            }
        }
        #expect(throws: IptablesError("CLUSTERIP: option \"--hashmode\" also requires \"--new\".")) {
            try LegacyOptions(arguments: Array(full.dropFirst()))
        }
        #expect(throws: IptablesError("CLUSTERIP: option \"--new\" can only be used once.")) {
            try LegacyOptions(arguments: full + ["--new"])
        }
        #expect(try LegacyOptions(arguments: full + ["--hash-init", "0xffffffff"]).hashInit == .max)
    }

    @Test func statement34TheClusterMatchHasLimits() throws {
        func refusal(_ total: UInt32, mask: UInt32) -> ClusterMatchError? {
            do throws(ClusterMatchError) {
                _ = try ClusterMatchRule(match: ClusterMatch(bucketCount: total, seed: 0), nodeMask: mask)
            } catch { return error }
            return nil
        }
        #expect(refusal(32, mask: .max) == nil)
        #expect(refusal(33, mask: 1)?.errno == .invalidArgument)
        #expect(refusal(4, mask: 16)?.errno == .outOfDomain)
        #expect(refusal(4, mask: 15) == nil)
        let match = ClusterMatch(bucketCount: 4, seed: 0)
        #expect(throws: ClusterMatchError.localNodeBeyondTotal) { try ClusterMatchRule(match: match, localNode: 5) }
        #expect(throws: ClusterMatchError.localNodeOutOfRange(0)) { try ClusterMatchRule(match: match, localNode: 0) }
        #expect(throws: ClusterMatchError.totalOutOfRange(0)) {
            try ClusterMatchRule(match: ClusterMatch(bucketCount: 0, seed: 0), localNode: 1)
        }
    }
}
