import ClusterModel
import Glibc
import LinuxNode
import NodeDriver
import Responsibility
import Testing

@testable import Nftables

/// Other programs change the ruleset and the interface whenever they like.
@Suite struct ForeignChangeTests {
    private static let table = "clusterip_10_8_0_1"

    struct Change: Sendable, CustomTestStringConvertible {
        var command: String
        var alteration: Alteration
        var testDescription: String { command }

        init(_ command: String, _ alteration: Alteration) {
            self.command = command
            self.alteration = alteration
        }
    }

    static let changes = [
        Change("insert rule ip T prerouting accept comment x", .ruleForeign(.init(.ip, "prerouting"), rule: "x")),
        Change("flush chain ip T cluster", .ruleMissing(.init(.ip, "cluster"), rule: "hashes tcp")),
        Change("delete element ip T dropped { 3, 4 }", .bucketsMissing(set: "dropped", [3, 4])),
        Change(
            "delete element ip T accepted { \(mark(of: 16)) }",
            .bucketsMissing(set: "accepted", [16])),
        Change("add element ip T draining { 7 }", .bucketsMissing(set: "sticky", [7])),
        Change("delete element ip T sticky { 1 }", .bucketsMissing(set: "sticky", [1])),
        Change("delete table arp T", .tableMissing(.arp)),
        Change("flush chain arp T output", .ruleMissing(.init(.arp, "output"), rule: "says the cluster MAC")),
        Change("add set ip T extra '{ type mark; }'", .setForeign("extra")),
        Change("add chain ip T extra", .chainForeign(.init(.ip, "extra"))),
        Change("add chain ip T prerouting '{ policy drop; }'", .chainDrops(.init(.ip, "prerouting"))),
        Change("add element ip T adopted { 5 }", .adoptedUnowned([5])),
        Change("add element ip T draining { 1 }", .ownedDraining([1])),
        Change("add element ip T draining { 0 }", .elementForeign(set: "draining", 0, bucketCount: 16)),
        Change("add table ip T '{ flags dormant; }'", .tableDormant(.ip)),
        Change("add table arp T '{ flags dormant; }'", .tableDormant(.arp)),
        Change("delete set ip T released", .setMissing("released")),
    ]

    private static func mark(of bucket: Int) -> Int {
        (try? TableSettings(.example())).map { Int(BucketTable(settings: $0).tag) + bucket } ?? bucket
    }

    private static func alterations(after command: String) throws -> [Alteration] {
        var found: [Alteration] = []
        try Namespaces.run { _ in
            let driver = try NftablesDriver(LinuxProbe())
            try driver.install(.example(), owned: [1])
            #expect(try driver.sample().clusters.first?.alterations == [])
            let words = command.split(separator: " ").map { $0 == "T" ? table : String($0) }
            try shell("nft " + words.joined(separator: " "))
            found = try #require(try driver.sample().clusters.first?.alterations)
        }
        return found
    }

    @Test(arguments: changes)
    func sampleSaysWhatIsAltered(_ change: Change) throws {
        let found = try Self.alterations(after: change.command)
        #expect(found.contains(change.alteration), "\(found)")
    }

    @Test func aForeignRuleWithoutCommentIsNamedByItsSteps() throws {
        let found = try Self.alterations(after: "add rule ip T cluster_tcp counter drop")
        guard case .ruleForeign(let chain, let rule) = found.first else {
            Issue.record("\(found)")
            return
        }
        #expect(chain == .init(.ip, "cluster_tcp") && rule.hasPrefix("counter; "), "\(rule)")
    }

    @Test func whatIsAdoptedButNotOwnedIsNobodysAndMendedByAClaim() throws {
        try Namespaces.run { _ in
            let driver = try NftablesDriver(LinuxProbe())
            try driver.install(.example(), owned: [1])
            let address = ClusterConfiguration.example().address
            let adoption = StepRequest(
                operation: "op-adopt", address: address, changes: [.init(bucket: 1, from: .owned, to: .adopted)])
            #expect(try driver.apply(adoption) == .applied)
            func cluster() throws -> ClusterSample { try #require(try driver.sample().clusters.first) }
            #expect(try cluster().ownership == Ownership(adopted: [1]))
            try shell("nft delete element ip \(Self.table) owned { 1 }")
            #expect(try cluster().ownership == Ownership())
            let author = try driver.operations(of: address)[1]
            let claim = StepRequest(
                operation: "op-claim", address: address,
                changes: [.init(bucket: 1, from: nil, to: .owned, by: author)])
            #expect(try driver.apply(claim) == .applied)
            #expect(try cluster().ownership == Ownership(owned: [1]))
            #expect(try cluster().alterations == [])
        }
    }

    /// nft has no word for the byte order of the hash's input, so that its own listing makes another table.
    @Test func reloadingTheListingOfNftIsFound() throws {
        try Namespaces.run { _ in
            let driver = try NftablesDriver(LinuxProbe())
            try driver.install(.example(mode: .sourceIP), owned: [1])
            try shell("f=$(nft list table ip \(Self.table)); nft delete table ip \(Self.table); echo \"$f\" | nft -f -")
            let found = try #require(try driver.sample().clusters.first?.alterations)
            let isAltered = found.contains {
                guard case .ruleAltered(let chain, let rule, _) = $0 else { return false }
                return chain == .init(.ip, "cluster") && rule == "owned bucket"
            }
            #expect(isAltered, "\(found)")
        }
    }

    @Test func aFlushedRulesetHasNoCluster() throws {
        try Namespaces.run { _ in
            let driver = try NftablesDriver(LinuxProbe())
            try driver.install(.example(), owned: [1])
            _ = try driver.sample()
            try shell("nft flush ruleset")
            #expect(try driver.sample().clusters.isEmpty)
        }
    }

    @Test func healthTellsWhatTheInterfaceLacks() throws {
        try Namespaces.run { _ in
            let driver = try NftablesDriver(LinuxProbe())
            try driver.install(.example(), owned: [1])
            func health() throws -> MulticastHealth? { try driver.sample().clusters.first?.health }
            let mac = MACAddress("02:00:00:00:01:01")
            #expect(
                try health()
                    == MulticastHealth(interfaceMAC: mac, mtu: 1500, guardState: .plain, addressIsForeign: false))
            try shell("ip maddress del 01:00:5e:00:00:20 dev eth0; ip address del 10.8.0.1/16 dev eth0")
            #expect(
                try health()
                    == MulticastHealth(
                        macJoined: false, addressPresent: false, interfaceMAC: mac, mtu: 1500, guardState: .plain))
            try shell("ip link set eth0 down; nft delete table arp \(Self.table)")
            #expect(try health()?.interfaceUp == false)
            #expect(try health()?.arpRewritten == true && driver.sample().clusters.first?.alterations.count == 1)
            try shell("nft delete table arp clusterip_guard_10_8_0_1")
            #expect(try health()?.arpRewritten == false && health()?.guardState == .missing)
            try shell("ip link del eth0")
            #expect(try health()?.interfacePresent == false)
        }
    }

    @Test func aChangeBetweenReadAndCommitIsReadAgain() throws {
        try Namespaces.run { _ in
            let driver = try NftablesDriver(LinuxProbe())
            try driver.install(.example(), owned: [1])
            var intrusions = 0
            driver.beforeCommit = {
                guard intrusions < 3 else { return }
                intrusions += 1
                _ = try? shell("nft add table ip foreign\(intrusions)")
            }
            let step = StepRequest(
                operation: "op-1", address: Traffic.cluster, changes: [.init(bucket: 1, from: .owned, to: .draining)])
            #expect(try driver.apply(step) == .applied)
            #expect(intrusions == 3)
            #expect(try driver.sample().clusters.first?.ownership == Ownership(draining: [1]))
        }
    }

    @Test func anotherAgentsStepInBetweenIsNotLost() throws {
        try Namespaces.run { _ in
            let (mine, other) = (try NftablesDriver(LinuxProbe()), try NftablesDriver(LinuxProbe()))
            try mine.install(.example(), owned: [1])
            mine.beforeCommit = {
                _ = try? other.apply(
                    StepRequest(
                        operation: "other", address: Traffic.cluster,
                        changes: [.init(bucket: 1, from: .owned, to: nil)]))
            }
            let outcome = try mine.apply(
                StepRequest(
                    operation: "mine", address: Traffic.cluster,
                    changes: [.init(bucket: 1, from: .owned, to: .draining)]))
            #expect(outcome == .refused([.init(bucket: 1, expected: .owned, found: nil, writtenBy: "other")]))
        }
    }

    @Test func anEndlessStreamOfChangesEndsAsBusy() throws {
        try Namespaces.run { _ in
            let (driver, other) = (try NftablesDriver(LinuxProbe()), try NftablesDriver(LinuxProbe()))
            try driver.install(.example(), owned: [1])
            try other.install(.example(address: IPAddress(10, 8, 0, 2)), owned: [1])
            var count = 0
            driver.beforeCommit = {
                count += 1
                _ = try? other.apply(
                    StepRequest(
                        operation: "op-\(count)", address: IPAddress(10, 8, 0, 2),
                        changes: [.init(bucket: 1, from: .owned, to: .owned)]))
            }
            let error = #expect(throws: DriverError.self) {
                try driver.apply(
                    StepRequest(
                        operation: "op-1", address: Traffic.cluster,
                        changes: [.init(bucket: 1, from: .owned, to: .draining)]))
            }
            #expect(error?.code == .busy)
            #expect(try driver.sample().clusters.first?.ownership == Ownership(owned: [1]))
        }
    }

    @Test func eventsNameWhoChangedTheRuleset() throws {
        try Namespaces.run { _ in
            let driver = try NftablesDriver(LinuxProbe())
            let events = try RulesetEvents()
            try driver.install(.example(), owned: [1])
            #expect(events.drain().map(\.program.otherProcess?.pid) == [try Linux.currentThread()])
            #expect(events.drain() == [])
            try shell("nft add table ip foreign")
            let foreign = events.drain()
            #expect(foreign.map(\.program.otherProcess?.name) == ["nft"])
            #expect(foreign.map(\.generation) == [try driver.sample().generation])
        }
    }
}
