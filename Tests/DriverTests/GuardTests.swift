import ClusterModel
import Glibc
import LinuxNode
import NodeDriver
import Responsibility
import Testing

@testable import Nftables

/// The guard: silence and right ARP without the cluster's table, and no part in its work with it.
@Suite struct GuardTests {
    private static let table = BucketTable.name(IPv4Address(10, 8, 0, 1))
    private static let owned = BucketSet(1...8)
    private static let guardTable = GuardTable(.example())!

    private static func state(_ driver: NftablesDriver) throws -> GuardState? {
        try driver.sample().clusters.first?.health.guardState
    }

    /// Runs a body in a node that is a member, whose neighbour knows the cluster MAC.
    private static func run(_ body: (Namespaces, NftablesDriver) throws -> Void) throws {
        try Namespaces.run { namespaces in
            let driver = try NftablesDriver(LinuxProbe())
            try driver.install(.example(), owned: owned)
            try neighbour(namespaces, "01:00:5e:00:00:20")
            try body(namespaces, driver)
        }
    }

    private static func neighbour(_ namespaces: Namespaces, _ mac: String) throws {
        try namespaces.onClient { try shell("ip neighbour replace 10.8.0.1 lladdr \(mac) dev peer0") }
    }

    /// How many echo requests the node's own ICMP has seen.
    private static func echoes() throws -> Int {
        let text = try shell("awk '/^Icmp:/ { if (n++) print $10; }' /proc/thread-self/net/snmp")
        return try #require(Int(text.dropLast()))
    }

    /// How many of these pings the node lets through to itself.
    private static func heard(_ namespaces: Namespaces, _ flows: [Flow]) throws -> Int {
        let before = try echoes()
        try namespaces.onClient {
            for flow in flows { try Traffic.send(flow) }
            // It is answered behind all of them.
            try shell("ping -c 1 -W 5 10.8.1.1")
        }
        return try echoes() - before - 1
    }

    private static let pings = Traffic.flows(.icmp, 60)
    private static var own: Int { pings.count { owned.contains(ClusterConfiguration.example().bucket(of: $0)) } }

    @Test func `with the table the guard changes nothing, to any MAC; without it the node is silent`() throws {
        for mac in ["01:00:5e:00:00:20", "02:00:00:00:01:01"] {
            try Self.run { namespaces, driver in
                try Self.neighbour(namespaces, mac)
                #expect(Self.own > 10 && Self.own < 50)
                #expect(try Self.heard(namespaces, Self.pings) == Self.own)
                let counters = try #require(try driver.sample().clusters.first?.counters)
                let expected = Traffic.expected(Self.pings, .example(), accepting: Self.owned)
                #expect(counters.packets == expected.packets)
                try shell("nft delete table ip \(Self.table)")
                #expect(try Self.heard(namespaces, Self.pings) == 0)
                #expect(try driver.sample().guarded == [Traffic.cluster])
                // Without it as well, the node answers everybody.
                try driver.removeGuards(Self.guardTable)
                #expect(try Self.heard(namespaces, Self.pings) == Self.pings.count)
                #expect(try driver.sample().guarded == [])
            }
        }
    }

    @Test func `what is for other addresses and from the node itself is let alone`() throws {
        try Self.run { namespaces, _ in
            try shell("nft delete table ip \(Self.table); ip address add 10.8.1.77/16 dev eth0")
            #expect(try namespaces.onClient { try shell("ping -c 1 -W 2 10.8.1.1") }.contains("1 received"))
            #expect(try namespaces.onClient { try shell("ping -c 1 -W 2 10.8.1.77") }.contains("1 received"))
            #expect(try shell("ping -c 1 -W 2 10.8.0.1").contains("1 received"))
        }
    }

    @Test(arguments: [true, false]) func `ARP says the cluster MAC without the arp table`(isGuarded: Bool) throws {
        try Self.run { namespaces, driver in
            try shell("nft delete table arp \(Self.table)")
            if !isGuarded { try driver.removeGuards(Self.guardTable) }
            try shell("ip neighbour flush all; ping -c 1 -W 1 -I 10.8.0.1 10.8.2.1 || true")
            let learnt = try namespaces.onClient {
                try shell(
                    "ip neighbour del 10.8.0.1 dev peer0; ping -c 1 -W 1 10.8.0.1 >/dev/null || true; ip neighbour show 10.8.0.1"
                )
            }
            #expect(learnt.contains("lladdr 01:00:5e:00:00:20") == isGuarded, "\(learnt)")
            #expect(learnt.contains("lladdr 02:00:00:00:01:01") != isGuarded, "\(learnt)")
        }
    }

    @Test func `nft makes the same guard of its file, however often it is loaded`() throws {
        try Self.run { namespaces, driver in
            #expect(try Self.state(driver) == .plain)
            try driver.removeGuards(Self.guardTable)
            #expect(try Self.state(driver) == .missing)
            let file = "/tmp/clusterip-guard-\(getpid())-\(try Linux.currentThread()).nft"
            defer { unlink(file) }
            try shell("cat > \(file) <<'END'\n\(Self.guardTable.text)\nEND\nnft -f \(file); nft -f \(file)")
            #expect(try Self.state(driver) == .plain)
            let rules = try shell("nft list ruleset").split(separator: "\n").count {
                $0.contains("without the cluster's")
            }
            #expect(rules == 1)
            try shell("(echo flush ruleset; echo 'include \"\(file)\"') | nft -f -")
            #expect(try driver.sample().guarded == [Traffic.cluster])
            #expect(try Self.heard(namespaces, Self.pings) == 0)
        }
    }

    @Test func `a guard of other settings, or half of one, is none`() throws {
        try Self.run { _, driver in
            for harm in [
                "flush chain ip G not_let_in", "delete chain ip G own_mac", "delete table arp G",
                "add table ip G '{ flags dormant; }'",
            ] {
                try driver.makeGuard(Self.guardTable)
                #expect(try Self.state(driver) == .plain)
                let words = harm.split(separator: " ").map { $0 == "G" ? Self.guardTable.name(.plain) : String($0) }
                try shell("nft " + words.joined(separator: " "))
                #expect(try Self.state(driver) == .missing, "\(harm)")
            }
            let other = ClusterConfiguration.example(mac: MACAddress(number: 0x0100_5e00_0021))
            try driver.makeGuard(try #require(GuardTable(other)))
            #expect(try Self.state(driver) == .missing)
            try driver.rebuild(.example())
            #expect(try Self.state(driver) == .plain)
        }
    }

    @Test(arguments: [GuardHolder.Hold.persistent, .owned])
    func `what a process holds nobody else can take away`(hold: GuardHolder.Hold) throws {
        try Self.run { namespaces, driver in
            let second = try GuardHolder(Self.guardTable)
            try Self.hold(hold, namespaces, driver, against: second)
            // Without its owner; the kernel takes the tables away a little later.
            for _ in 0..<500 where try hold == .owned && driver.sample().guarded != [] { usleep(10_000) }
            #expect(try driver.sample().guarded == (hold == .persistent ? [Traffic.cluster] : []))
            try second.make()
            #expect(try driver.sample().guarded == [Traffic.cluster])
        }
    }

    private static func hold(
        _ hold: GuardHolder.Hold, _ namespaces: Namespaces, _ driver: NftablesDriver, against second: GuardHolder
    ) throws {
        let holder = try GuardHolder(guardTable, ways: [hold, .watched])
        try holder.make()
        #expect(holder.hold == hold)
        #expect(try state(driver) == .held)
        try shell("nft flush ruleset")
        #expect(try driver.sample().guarded == [Traffic.cluster])
        #expect(try heard(namespaces, pings) == 0)
        #expect(throws: Failure.self) { try shell("nft delete table ip \(guardTable.name(.held))") }
        #expect(throws: DriverError.self) { try second.make() }
        #expect(throws: DriverError.self) { try driver.removeGuards(guardTable) }
        #expect(try !holder.keep())
    }

    @Test func `a guard that is held is the only one`() throws {
        try Self.run { _, driver in
            let holder = try GuardHolder(Self.guardTable)
            try holder.make()
            #expect(try !shell("nft list tables").contains(Self.guardTable.name(.plain)))
            try driver.rebuild(.example())
            #expect(try !shell("nft list tables").contains(Self.guardTable.name(.plain)))
            #expect(try Self.state(driver) == .held)
        }
    }

    @Test func `where the kernel has no owners the guard is made anew`() throws {
        try Self.run { _, driver in
            let holder = try GuardHolder(Self.guardTable, ways: [.watched])
            try holder.make()
            #expect(holder.hold == .watched)
            #expect(try Self.state(driver) == .held)
            try shell("nft flush ruleset")
            #expect(try driver.sample().guarded == [])
            #expect(try holder.keep())
            #expect(try !holder.keep())
            #expect(try driver.sample().guarded == [Traffic.cluster])
            // A kernel that has learnt it meanwhile takes it over.
            let better = try GuardHolder(Self.guardTable)
            try better.make()
            #expect(better.hold != .watched)
        }
    }

    @Test func `whoever ends the membership takes the plain guard along`() throws {
        try Namespaces.run { _ in
            let driver = try NftablesDriver(LinuxProbe())
            let before = try shell("nft list ruleset")
            try driver.install(.example(), owned: [])
            try driver.leave(Traffic.cluster)
            #expect(try shell("nft list ruleset") == before)
        }
    }
}

/// What a node does by itself when it boots.
@Suite struct PreparationTests {
    @Test func `a node becomes a member that owns nothing, and one that is a member keeps what it has`() throws {
        try Namespaces.run { _ in
            let driver = try NftablesDriver(LinuxProbe())
            #expect(try driver.prepare(.example()) == .made)
            #expect(try driver.sample().clusters.first?.ownership == Ownership())
            let step = StepRequest(
                operation: "op-1", address: Traffic.cluster, changes: [.init(bucket: 3, from: nil, to: .owned)])
            #expect(try driver.apply(step) == .applied)
            #expect(try driver.prepare(.example(bucketCount: 32)) == .complete)
            try shell("ip address del 10.8.0.1/16 dev eth0; ip maddress del 01:00:5e:00:00:20 dev eth0")
            #expect(try driver.prepare(.example()) == .completed)
            let sample = try #require(try driver.sample().clusters.first)
            #expect(sample.ownership == Ownership(owned: [3]) && sample.health.isGood)
            #expect(sample.configuration.bucketCount == 16 && sample.health.addressIsForeign == false)
        }
    }

    @Test func `the table waits for its interface`() throws {
        try Namespaces.run { namespaces in
            let driver = try NftablesDriver(LinuxProbe())
            try shell("ip link delete eth0")
            #expect(try driver.prepare(.example()) == .waiting(isNew: true))
            #expect(try driver.prepare(.example()) == .waiting(isNew: false))
            try namespaces.replaceInterface(isThere: false)
            #expect(try driver.prepare(.example()) == .completed)
            #expect(try driver.sample().clusters.first?.health.isGood == true)
            #expect(try driver.prepare(.example()) == .complete)
            try driver.uninstall(Traffic.cluster)
            #expect(try !shell("ip address show dev eth0").contains("10.8.0.1"))
        }
    }

    @Test func `an address that the operating system configured is told`() throws {
        try Namespaces.run { _ in
            try shell("ip address add 10.8.0.1/16 dev eth0")
            let driver = try NftablesDriver(LinuxProbe())
            #expect(try driver.prepare(.example()) == .made)
            #expect(try driver.sample().clusters.first?.health.addressIsForeign == true)
            try driver.uninstall(Traffic.cluster)
            #expect(try shell("ip address show dev eth0").contains("10.8.0.1"))
        }
    }
}
