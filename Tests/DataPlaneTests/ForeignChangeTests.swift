import ClusterModel
import Glibc
import Responsibility
import Testing

@testable import DataPlane

/// Other programs change the ruleset and the interface whenever they like.
@Suite struct ForeignChangeTests {
    private static let table = "clusterip_10_8_0_1"

    struct Alteration: Sendable, CustomTestStringConvertible {
        var command: String
        var sentence: String
        var testDescription: String { command }
    }

    static let alterations = [
        Alteration(
            command: "add rule ip T cluster_tcp counter drop",
            sentence: "A foreign rule is in the chain cluster_tcp: counter; "),
        Alteration(
            command: "insert rule ip T prerouting accept comment x",
            sentence: "A foreign rule is in the chain prerouting: x."),
        Alteration(
            command: "flush chain ip T cluster",
            sentence: "The rule \"hashes tcp\" of the chain cluster is missing."),
        Alteration(
            command: "delete element ip T dropped { 3, 4 }",
            sentence: "The set dropped lacks 3-4: packets of these buckets are not counted."),
        Alteration(
            command: "delete element ip T accepted { \(BucketTable(configuration: .example()).tag + 16) }",
            sentence: "The set accepted lacks 16: packets of these buckets are not accepted."),
        Alteration(
            command: "delete table arp T",
            sentence: "The arp table clusterip_10_8_0_1 is missing: ARP does not say the cluster MAC."),
        Alteration(
            command: "flush chain arp T output",
            sentence: "The rule \"says the cluster MAC\" of the arp chain output is missing."),
        Alteration(command: "add set ip T extra '{ type mark; }'", sentence: "The set extra is foreign."),
        Alteration(command: "add chain ip T extra", sentence: "The chain extra is foreign."),
        Alteration(
            command: "add chain ip T prerouting '{ policy drop; }'",
            sentence: "The policy of the chain prerouting is drop; it must be accept."),
        Alteration(
            command: "add element ip T adopted { 5 }",
            sentence: "The set adopted holds 5, which the set owned lacks."),
        Alteration(
            command: "add element ip T draining { 1 }", sentence: "The sets owned and draining both hold 1."),
        Alteration(
            command: "add element ip T draining { 7 }",
            sentence: "The set sticky lacks 7: connections of these buckets stand still."),
        Alteration(
            command: "add element ip T draining { 0 }",
            sentence: "The set draining holds 0, which is not a bucket; there are 1 to 16."),
        Alteration(
            command: "add table ip T '{ flags dormant; }'",
            sentence: "The table clusterip_10_8_0_1 is dormant: it decides nothing, and the node answers everything."),
        Alteration(
            command: "add table arp T '{ flags dormant; }'",
            sentence: "The arp table clusterip_10_8_0_1 is dormant: ARP does not say the cluster MAC."),
        Alteration(
            command: "delete set ip T released", sentence: "The set released is missing."),
    ]

    @Test(arguments: alterations)
    func sampleSaysWhatIsAltered(_ alteration: Alteration) throws {
        try Namespaces.run { _ in
            let driver = try NftablesDriver()
            try driver.install(.example(), owned: [1])
            #expect(try driver.sample().clusters.first?.alterations == [])
            try shell(
                "nft "
                    + alteration.command.split(separator: " ").map { $0 == "T" ? Self.table : String($0) }.joined(
                        separator: " "))
            let found = try #require(try driver.sample().clusters.first?.alterations)
            #expect(found.contains { $0.hasPrefix(alteration.sentence) }, "\(found)")
        }
    }

    @Test func whatIsAdoptedButNotOwnedIsNobodysAndMendedByAClaim() throws {
        try Namespaces.run { _ in
            let driver = try NftablesDriver()
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
            let driver = try NftablesDriver()
            try driver.install(.example(mode: .sourceIP), owned: [1])
            try shell("f=$(nft list table ip \(Self.table)); nft delete table ip \(Self.table); echo \"$f\" | nft -f -")
            let found = try #require(try driver.sample().clusters.first?.alterations)
            #expect(
                found.contains { $0.hasPrefix("The rule \"owned bucket\" of the chain cluster is altered: ") },
                "\(found)")
        }
    }

    @Test func aFlushedRulesetHasNoCluster() throws {
        try Namespaces.run { _ in
            let driver = try NftablesDriver()
            try driver.install(.example(), owned: [1])
            _ = try driver.sample()
            try shell("nft flush ruleset")
            #expect(try driver.sample().clusters.isEmpty)
        }
    }

    @Test func healthTellsWhatTheInterfaceLacks() throws {
        try Namespaces.run { _ in
            let driver = try NftablesDriver()
            try driver.install(.example(), owned: [1])
            func health() throws -> MulticastHealth? { try driver.sample().clusters.first?.health }
            let mac = MACAddress("02:00:00:00:01:01")
            #expect(try health() == MulticastHealth(interfaceMAC: mac))
            try shell("ip maddress del 01:00:5e:00:00:20 dev eth0; ip address del 10.8.0.1/16 dev eth0")
            #expect(try health() == MulticastHealth(macJoined: false, addressPresent: false, interfaceMAC: mac))
            try shell("ip link set eth0 down; nft delete table arp \(Self.table)")
            #expect(try health()?.interfaceUp == false)
            #expect(try health()?.arpRewritten == false)
            try shell("ip link del eth0")
            #expect(try health()?.interfacePresent == false)
        }
    }

    @Test func aChangeBetweenReadAndCommitIsReadAgain() throws {
        try Namespaces.run { _ in
            let driver = try NftablesDriver()
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
            let (mine, other) = (try NftablesDriver(), try NftablesDriver())
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
            let (driver, other) = (try NftablesDriver(), try NftablesDriver())
            try driver.install(.example(), owned: [1])
            try other.install(.example(address: IPv4Address(10, 8, 0, 2)), owned: [1])
            var count = 0
            driver.beforeCommit = {
                count += 1
                _ = try? other.apply(
                    StepRequest(
                        operation: "op-\(count)", address: IPv4Address(10, 8, 0, 2),
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
            let driver = try NftablesDriver()
            let events = try RulesetEvents()
            try driver.install(.example(), owned: [1])
            #expect(events.drain().map(\.processID) == [try Linux.currentThread()])
            #expect(events.drain() == [])
            try shell("nft add table ip foreign")
            let foreign = events.drain()
            #expect(foreign.map(\.processName) == ["nft"])
            #expect(foreign.map(\.generation) == [try driver.sample().generation])
        }
    }
}
