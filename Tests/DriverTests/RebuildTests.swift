import ClusterModel
import LinuxNode
import NodeDriver
import Responsibility
import Testing

@testable import Nftables

/// A member's rules are made anew without a moment in which the node has none, and without an opinion on ownership.
@Suite struct RebuildTests {
    @Test(arguments: Rig.Kind.allCases)
    func keepsOwnershipMarksAndCounters(_ kind: Rig.Kind) throws {
        try Rig.run(kind) { rig in
            try rig.driver.install(.example(), owned: [1, 2, 3, 7])
            try rig.change(2, from: .owned, to: .draining, operation: "op-drain")
            try rig.change(7, from: .owned, to: .adopted, operation: "op-adopt")
            try rig.resolve()
            try rig.send(Traffic.flows(.udp, 200))
            let counters = try rig.counters(arrived: 200)
            let marks = try rig.driver.operations(of: Traffic.cluster)
            try rig.driver.rebuild(.example())
            let sample = try #require(try rig.driver.sample().clusters.first)
            #expect(sample.ownership == Ownership(owned: [1, 3], draining: [2], adopted: [7]))
            #expect(sample.counters.packets == counters.packets)
            #expect(sample.alterations.isEmpty && sample.health.isGood)
            #expect(try rig.driver.operations(of: Traffic.cluster) == marks)
            #expect(try rig.change(1, from: .owned, to: .draining, operation: "op-next") == .applied)
        }
    }

    @Test(arguments: Rig.Kind.allCases)
    func ownsNothingUnderAnotherHashScheme(_ kind: Rig.Kind) throws {
        try Rig.run(kind) { rig in
            try rig.driver.install(.example(), owned: [1, 2, 3])
            let mark = try rig.driver.operations(of: Traffic.cluster)[1]
            try rig.driver.rebuild(.example(seed: 7))
            let sample = try #require(try rig.driver.sample().clusters.first)
            #expect(sample.ownership == Ownership() && sample.configuration == .example(seed: 7))
            #expect(try rig.driver.operations(of: Traffic.cluster)[1] != mark)
        }
    }

    @Test(arguments: Rig.Kind.allCases)
    func dividesAndUnitesBuckets(_ kind: Rig.Kind) throws {
        try Rig.run(kind) { rig in
            try rig.driver.install(.example(), owned: [1, 2, 7])
            try rig.change(2, from: .owned, to: .draining, operation: "op-drain")
            try rig.resolve()
            try rig.send(Traffic.flows(.udp, 200))
            let total = ClusterConfiguration.example().bucketCount
            var (fine, coarse) = (ClusterConfiguration.example(), ClusterConfiguration.example())
            fine.scheme = try #require(coarse.scheme.resized(to: total * 3))
            try rig.driver.rebuild(fine, from: coarse.scheme, keeping: true)
            let sample = try #require(try rig.driver.sample().clusters.first)
            #expect(sample.ownership == Ownership(owned: [1, 2, 3, 19, 20, 21], draining: [4, 5, 6]))
            #expect(sample.configuration == fine && sample.counters.count == total * 3)
            #expect(try rig.driver.operations(of: Traffic.cluster)[5] == "op-drain")
            #expect(sample.alterations.isEmpty)

            let stale = #expect(throws: DriverError.self) {
                try rig.driver.rebuild(.example(seed: 9), from: coarse.scheme, keeping: true)
            }
            #expect(stale?.code == .otherSettings)
            let old = #expect(throws: DriverError.self) {
                try rig.driver.apply(
                    StepRequest(
                        operation: "op-late", address: Traffic.cluster,
                        changes: [.init(bucket: 1, from: .owned, to: nil)], bucketCount: total))
            }
            #expect(old?.code == .otherSettings)

            try rig.change(2, from: .owned, to: nil, operation: "op-half")
            let before = try rig.fingerprint()
            let divided = #expect(throws: DriverError.self) {
                try rig.driver.rebuild(coarse, from: fine.scheme, keeping: true)
            }
            #expect(divided?.code == .otherSettings && divided?.message.contains("1 to 3") == true)
            #expect(try rig.fingerprint() == before)
            try rig.change(2, from: nil, to: .owned, operation: "op-whole")
            coarse.scheme = try #require(fine.scheme.resized(to: total))
            try rig.driver.rebuild(coarse, from: fine.scheme, keeping: true)
            #expect(
                try rig.driver.sample().clusters.first?.ownership == Ownership(owned: [1, 7], draining: [2]))
        }
    }

    @Test(arguments: Rig.Kind.allCases)
    func admitsOnceAndAgain(_ kind: Rig.Kind) throws {
        try Rig.run(kind) { rig in
            try rig.driver.admit(.example())
            #expect(try rig.driver.sample().clusters.first?.ownership == Ownership())
            try rig.change(3, from: nil, to: .owned, operation: "op-1")
            try rig.driver.admit(.example())
            #expect(try rig.driver.sample().clusters.first?.ownership == Ownership(owned: [3]))
            let other = #expect(throws: DriverError.self) { try rig.driver.admit(.example(seed: 7)) }
            #expect(other?.code == .alreadyExists)
        }
    }

    @Test(arguments: Rig.Kind.allCases)
    func notesOperationsAndMembers(_ kind: Rig.Kind) throws {
        try Rig.run(kind) { rig in
            try rig.driver.install(.example(), owned: [1, 2])
            let note = OperationNote(who: "anna@ops", title: "drain node1", reason: "a new disk", emptied: "node1")
            func step(_ bucket: Int, _ operation: String) throws -> StepOutcome {
                try rig.driver.apply(
                    StepRequest(
                        operation: operation, address: Traffic.cluster,
                        changes: [.init(bucket: bucket, from: .owned, to: nil)]), note: note)
            }
            #expect(try step(1, "op-1") == .applied)
            try rig.driver.enroll(Traffic.cluster, adding: ["node1", "node2", "node3"], removing: [])
            try rig.driver.enroll(Traffic.cluster, adding: ["node4"], removing: ["node2", "node4", "node7"])
            try rig.driver.enroll(Traffic.cluster, adding: ["node4"], removing: [])
            func check() throws {
                let sample = try #require(try rig.driver.sample().clusters.first)
                #expect(sample.notes.members == ["node1", "node3", "node4"])
                #expect(sample.notes.operations == [OperationRecord(operation: "op-1", note: note, buckets: [1])])
                #expect(sample.alterations.isEmpty)
            }
            try check()
            try rig.driver.rebuild(.example())
            try check()
            #expect(try step(2, "op-2") == .applied)
            #expect(try rig.driver.sample().clusters.first?.notes.operations.count == 2)
        }
    }

    @Test(arguments: Rig.Kind.allCases)
    func failsWithoutATableAndWithoutTheInterface(_ kind: Rig.Kind) throws {
        try Rig.run(kind) { rig in
            #expect(throws: DriverError.notInstalled(Traffic.cluster)) { try rig.driver.rebuild(.example()) }
            try rig.driver.install(.example(), owned: [1])
            let before = try rig.fingerprint()
            let error = #expect(throws: DriverError.self) { try rig.driver.rebuild(.example(interface: "eth9")) }
            #expect(error?.code == .badValue)
            #expect(try rig.fingerprint() == before)
        }
    }

    @Test(arguments: Rig.Kind.allCases)
    func onlyAnIdleNodeLeaves(_ kind: Rig.Kind) throws {
        try Rig.run(kind) { rig in
            let bare = try rig.fingerprint()
            try rig.driver.install(.example(), owned: [4])
            let owner = try rig.fingerprint()
            #expect(throws: DriverError.stillOwner(Traffic.cluster, buckets: [4])) {
                try rig.driver.leave(Traffic.cluster)
            }
            #expect(try rig.fingerprint() == owner)
            try rig.change(4, from: .owned, to: .draining)
            try rig.driver.leave(Traffic.cluster)
            #expect(try rig.fingerprint() == bare)
        }
    }

    @Test func aMoveInBetweenIsNotLost() throws {
        try Namespaces.run { _ in
            let driver = try NftablesDriver(LinuxProbe())
            let other = try NftablesDriver(LinuxProbe())
            try driver.install(.example(), owned: [1, 2])
            var moves = 0
            driver.beforeCommit = {
                guard moves < 3 else { return }
                moves += 1
                let step = StepRequest(
                    operation: "op-\(moves)", address: Traffic.cluster,
                    changes: [.init(bucket: moves, from: moves < 3 ? .owned : nil, to: moves < 3 ? nil : .owned)])
                _ = try? other.apply(step)
            }
            try driver.rebuild(.example())
            #expect(moves == 3)
            #expect(try driver.sample().clusters.first?.ownership == Ownership(owned: [3]))
        }
    }

    @Test(arguments: ["flush chain ip clusterip_10_8_0_1 cluster", "delete table arp clusterip_10_8_0_1"])
    func mendsWhatOthersAltered(_ command: String) throws {
        try Namespaces.run { _ in
            let driver = try NftablesDriver(LinuxProbe())
            try driver.install(.example(), owned: [1, 2])
            let whole = try shell("nft -s list ruleset")
            try shell("nft '\(command)'")
            try driver.rebuild(.example())
            #expect(try shell("nft -s list ruleset") == whole)
        }
    }

    @Test func anInterfaceThatWasRenamedGetsItsTableBack() throws {
        try Namespaces.run { _ in
            let driver = try NftablesDriver(LinuxProbe())
            let before = try shell("ip address show dev eth0 | grep inet; ip maddress show dev eth0 | grep link")
            try driver.install(.example(), owned: [1])
            try shell("ip link set eth0 down; ip link set eth0 name lan0; ip link set lan0 up")
            try driver.rebuild(.example(interface: "lan0"))
            let sample = try #require(try driver.sample().clusters.first)
            let health = sample.health
            // The carrier is back a moment after the interface.
            #expect(health.interfacePresent && health.macJoined && health.addressPresent && health.arpRewritten)
            #expect(sample.ownership.owned == [1] && sample.alterations.isEmpty)
            try driver.uninstall(Traffic.cluster)
            #expect(
                try shell("ip address show dev lan0 | grep inet; ip maddress show dev lan0 | grep link")
                    == before.replacing("eth0", with: "lan0"))
        }
    }
}
