import ClusterModel
import Glibc
import IPaddr2
import LinuxNode
import NodeDriver
import Responsibility
import Testing
import XtCluster

@testable import PacketRules

/// Rules as administrators and resource agents write them: what is read of them is what the kernel does with packets.
@Suite struct ForeignRuleTests {
    /// Rules for 10.8.0.1, and what is to be read of them.
    struct Form: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var driver = "xt_cluster"
        let commands: String
        let owned: BucketSet
        var codes: [String] = []
        /// Buckets that the node answers although no rule asks for them.
        var beside: BucketSet = []
    }

    private static let agent = IPaddr2Settings(
        address: Traffic.cluster, prefixLength: 16, broadcast: IPAddress(10, 8, 255, 255))
    private static let match = "-m cluster --cluster-total-nodes 4 --cluster-hash-seed 42"
    private static let to = "-t mangle -A PREROUTING -d 10.8.0.1 -i eth0"

    private static func agentRule(_ bucket: Int) -> String {
        """
        nft insert rule ip IPaddr2_10_8_0_1 prerouting iif eth0 ip daddr 10.8.0.1 jhash ip saddr mod 4 \
        seed \(agent.seed) offset 1 \(bucket) meta pkttype set host accept comment '"cip-node-\(bucket)"'
        """
    }

    private static let agentTable = """
        nft add table ip IPaddr2_10_8_0_1
        nft add chain ip IPaddr2_10_8_0_1 prerouting '{ type filter hook prerouting priority mangle; }'
        """
    private static let agentDrop = "nft insert rule ip IPaddr2_10_8_0_1 prerouting iif eth0 ip daddr 10.8.0.1 drop"

    static let forms: [Form] = ["iptables-nft", "iptables-legacy"].flatMap(forms) + agentForms

    private static func forms(_ iptables: String) -> [Form] {
        func form(
            _ name: String, _ rules: [String], owned: BucketSet, codes: [String] = [], beside: BucketSet = []
        ) -> Form {
            Form(
                testDescription: "\(name), \(iptables)",
                commands: rules.map { "\(iptables) \($0)" }.joined(separator: "\n"), owned: owned, codes: codes,
                beside: beside)
        }
        return [
            form(
                "a rule for each bucket",
                [
                    "\(to) \(match) --cluster-local-node 1 -j ACCEPT",
                    "\(to) \(match) --cluster-local-node 3 -j ACCEPT",
                    "\(to) -j DROP",
                ], owned: [1, 3]),
            form(
                "a mask", ["\(to) \(match) --cluster-local-nodemask 6 -j ACCEPT", "\(to) -j DROP"], owned: [2, 3]),
            form("an inverted rule", ["\(to) \(match) ! --cluster-local-node 2 -j DROP"], owned: [2]),
            form(
                "marks, the address in the last rule alone",
                [
                    "-t mangle -A PREROUTING -i eth0 \(match) --cluster-local-node 2 -j MARK --set-mark 0xffff",
                    "\(to) -m mark ! --mark 0xffff -j DROP",
                ], owned: [2]),
            form(
                "marks, without an address",
                [
                    "-t mangle -A PREROUTING -i eth0 \(match) --cluster-local-node 4 -j MARK --set-mark 0xffff",
                    "-t mangle -A PREROUTING -i eth0 -m mark ! --mark 0xffff -j DROP",
                ], owned: [4]),
            form(
                "a chain of its own",
                [
                    "-N SHARE", "-A INPUT -d 10.8.0.1 -j SHARE", "-A SHARE \(match) --cluster-local-node 3 -j ACCEPT",
                    "-A SHARE -j DROP",
                ], owned: [3]),
            form(
                "a chain that leaves",
                [
                    "-N SHARE", "-A INPUT -d 10.8.0.1 -i eth+ -j SHARE",
                    "-A SHARE \(match) --cluster-local-node 3 -j RETURN", "-A SHARE -j DROP",
                ], owned: [3]),
            form(
                "before a firewall",
                [
                    "-A INPUT -d 10.8.0.1 -i eth0 \(match) ! --cluster-local-node 1 -j DROP",
                    "-A INPUT -p udp --dport 7777 -j ACCEPT", "-A INPUT -j DROP",
                ], owned: [1]),
            form(
                "within a firewall",
                [
                    "-A INPUT -m conntrack --ctstate RELATED -j ACCEPT",
                    "-A INPUT -d 10.8.0.0/24 -i eth0 \(match) --cluster-local-node 1 -j ACCEPT", "-P INPUT DROP",
                ], owned: [1]),
            form(
                "the drop is lost", ["\(to) \(match) --cluster-local-node 1 -j ACCEPT"], owned: [1],
                codes: ["drop_missing"], beside: [2, 3, 4]),
            form(
                "the drop comes first", ["\(to) -j DROP", "\(to) \(match) --cluster-local-node 1 -j ACCEPT"], owned: [],
                codes: ["rules_unreached"]),
            form(
                "before connection tracking",
                [
                    "-t raw -A PREROUTING -d 10.8.0.1 \(match) --cluster-local-node 1 -j ACCEPT",
                    "-t raw -A PREROUTING -d 10.8.0.1 -j DROP",
                ], owned: [], codes: ["rules_unreached"]),
            form(
                "twice",
                Array(repeating: "\(to) \(match) --cluster-local-node 2 -j ACCEPT", count: 2) + ["\(to) -j DROP"],
                owned: [2], codes: ["rules_duplicated"]),
            form(
                "another seed",
                [
                    "\(to) \(match) --cluster-local-node 1 -j ACCEPT",
                    "\(to) \(match) --cluster-local-node 2 -j ACCEPT",
                    "\(to) -m cluster --cluster-total-nodes 4 --cluster-hash-seed 7 ! --cluster-local-node 1 -j LOG",
                    "\(to) -j DROP",
                ], owned: [1, 2], codes: ["rules_other_seed"]),
            form(
                "another number of buckets",
                [
                    "\(to) \(match) --cluster-local-node 1 -j ACCEPT",
                    "\(to) \(match) --cluster-local-node 2 -j ACCEPT",
                    "\(to) -p 99 -m cluster --cluster-total-nodes 2 --cluster-hash-seed 42 --cluster-local-node 1 -j ACCEPT",
                    "\(to) -j DROP",
                ], owned: [1, 2], codes: ["rules_other_total"]),
            form(
                "one protocol alone",
                [
                    "\(to) -p udp \(match) --cluster-local-node 1 -j ACCEPT",
                    "\(to) -p tcp \(match) --cluster-local-node 2 -j ACCEPT", "\(to) -j DROP",
                ], owned: [1], codes: ["rules_unreached", "rules_protocols_differ"]),
        ]
    }

    private static let agentForms: [Form] = [
        Form(
            testDescription: "IPaddr2 by nft", driver: "IPaddr2",
            commands: [agentTable, agentDrop, agentRule(1), agentRule(4)].joined(separator: "\n"), owned: [1, 4]),
        Form(
            testDescription: "IPaddr2 by nft, the drop is lost", driver: "IPaddr2",
            commands: [agentTable, agentRule(3)].joined(separator: "\n"), owned: [3], codes: ["drop_missing"],
            beside: [1, 2, 4]),
        Form(
            testDescription: "IPaddr2 by nft, its interface made anew", driver: "IPaddr2",
            commands: [agentTable, agentDrop, agentRule(2)].joined(separator: "\n")
                .replacing("iif eth0", with: "iif lo"),
            owned: [], codes: ["rules_interface_gone", "drop_missing"], beside: [1, 2, 3, 4]),
        Form(
            testDescription: "IPaddr2 by iptables", driver: "IPaddr2",
            commands: [
                "\(to) -j DROP",
                "-t mangle -I PREROUTING -d 10.8.0.1 -i eth0 -m cluster --cluster-total-nodes 4 "
                    + "--cluster-hash-seed \(agent.seed) --cluster-local-node 2 -j ACCEPT",
            ].map { "iptables-nft \($0)" }.joined(separator: "\n"), owned: [2]),
    ]

    private static let network = """
        ip address add 10.8.0.1/16 brd + dev eth0
        ip maddress add 01:00:5e:00:00:20 dev eth0
        arptables-nft -A OUTPUT -s 10.8.0.1 -j mangle --mangle-mac-s 01:00:5e:00:00:20
        """

    @Test(arguments: forms)
    func whatIsReadIsWhatTheKernelDoes(_ form: Form) throws {
        try Namespaces.run { namespaces in
            let isAnew = form.codes.contains("rules_interface_gone")
            if isAnew { try shell(form.commands.replacing("iif lo", with: "iif eth0")) }
            if isAnew { try namespaces.replaceInterface() }
            try shell(Self.network)
            if !isAnew { try shell(form.commands) }
            let sample = try Self.sample()
            #expect(sample.driver == form.driver)
            #expect(sample.ownership == Ownership(owned: form.owned))
            #expect(sample.alterations.compactMap(\.defectCode) == form.codes)
            #expect(sample.configuration.mac == MACAddress(number: 0x0100_5e00_0020))
            #expect(sample.health.isGood)
            let answered = try Self.answered(namespaces, sample.configuration)
            #expect(answered == form.owned.union(form.beside))
        }
    }

    @Test func countersAreThoseOfRulesForOneBucket() throws {
        for iptables in ["iptables-nft", "iptables-legacy"] {
            try Namespaces.run { namespaces in
                try shell(Self.network)
                for rule in [
                    "\(Self.to) \(Self.match) --cluster-local-node 1 -j ACCEPT",
                    "\(Self.to) \(Self.match) --cluster-local-nodemask 6 -j ACCEPT", "\(Self.to) -j DROP",
                ] { try shell("\(iptables) \(rule)") }
                let configuration = try Self.sample().configuration
                let flows = Traffic.flows(.udp, 60)
                let own = flows.count { configuration.bucket(of: $0) == 1 }
                _ = try Self.answered(namespaces, configuration)
                let counters = try Self.sample().counters
                #expect(counters.map { $0.accepted?.packets } == [UInt64(own), nil, nil, nil])
                #expect(counters.allSatisfy { $0.arrived == nil })
            }
        }
    }

    @Test func nothingIsFoundWhereNoRuleAsksForABucket() throws {
        try Namespaces.run { _ in
            try shell("\(Self.network)\niptables-legacy -A INPUT -j DROP\nip6tables-nft -A INPUT -j DROP")
            let probe = try LinuxProbe()
            #expect(try XtClusterDriver(probe).sample().clusters.isEmpty)
            #expect(try IPaddr2Driver(probe).sample().clusters.isEmpty)
            #expect(try shell("cat /proc/net/ip_tables_names") == "filter\n")
        }
    }

    /// Hashes share out other things, too: ways to the Internet, or marks by the million.
    @Test func whatSharesOutSomethingElseIsNoCluster() throws {
        try Namespaces.run { _ in
            try shell(
                """
                \(Self.network)
                iptables-nft -t mangle -A PREROUTING -i eth0 \(Self.match) --cluster-local-node 1 -j MARK --set-mark 1
                nft add table ip ways
                nft add chain ip ways pre '{ type filter hook prerouting priority -140; }'
                nft add rule ip ways pre iifname eth0 jhash ip saddr mod 2 seed 7 0 meta mark set 2
                nft add rule ip ways pre ip daddr 10.8.0.1 jhash ip saddr mod 4000000000 seed 7 5 counter
                """)
            let probe = try LinuxProbe()
            #expect(try XtClusterDriver(probe).sample().clusters.isEmpty)
            #expect(try IPaddr2Driver(probe).sample().clusters.isEmpty)
        }
    }

    /// Tables of x_tables, damaged in every way: whatever is read of them, it ends.
    @Test func damagedTablesAreRead() throws {
        var table: LegacyTable?
        try Namespaces.run { _ in
            try shell("iptables-legacy \(Self.to) \(Self.match) --cluster-local-node 1 -j ACCEPT")
            try shell("iptables-legacy -t mangle -N X\niptables-legacy \(Self.to) -j X")
            table = try LegacyTables().table("mangle", family: .v4)
        }
        let whole = try #require(table)
        #expect(whole.table.asksForBuckets && whole.table.chain("X") != nil)
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            var bytes = whole.entries
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = .random(in: .min ... .max, using: &generator)
            }
            if Bool.random(using: &generator) { bytes.removeLast(.random(in: 0...bytes.count, using: &generator)) }
            let damaged = LegacyTable(family: .v4, info: whole.info, entries: bytes)
            #expect(damaged.walk().count <= whole.entries.count / 100)
            _ = damaged.table
        }
    }

    @Test func withoutPrivilegesItSaysSo() throws {
        try Namespaces.run { _ in
            let driver = try XtClusterDriver(try LinuxProbe())
            let capabilities = try Linux.suspendCapabilities()
            defer { capabilities.restore() }
            let error = #expect(throws: DriverError.self) { try driver.sample() }
            #expect(error?.code == .notPermitted)
        }
    }

    @Test func anIPv6AddressIsFoundWithTheKernelsDefect() throws {
        try Namespaces.run { _ in
            try shell(
                """
                echo 0 > /proc/sys/net/ipv6/conf/eth0/disable_ipv6
                ip address add fd00::5/64 dev eth0 nodad
                ip6tables-legacy -t mangle -A PREROUTING -d fd00::5 -i eth0 \(Self.match) --cluster-local-node 3 -j ACCEPT
                ip6tables-legacy -t mangle -A PREROUTING -d fd00::5 -i eth0 -j DROP
                """)
            let sample = try #require(try XtClusterDriver(try LinuxProbe()).sample().clusters.first)
            #expect(sample.configuration.address == IPAddress("fd00::5") && sample.configuration.prefixLength == 64)
            #expect(sample.ownership == Ownership(owned: [3]))
            #expect(sample.alterations.compactMap(\.defectCode) == ["ipv6_first_word_only"])
            #expect(sample.health.addressPresent && !sample.health.macJoined)
            #expect(sample.configuration.mac == .unknown)
        }
    }

    /// The vectors are those of `printf '10.0.0.5 24 10.0.0.255\n' | md5sum` and so on.
    @Test(arguments: [
        ("10.0.0.5", 24, "10.0.0.255", UInt32(0x14fa_0e3b), "11:fa:0e:3b:97:6a"),
        ("192.168.122.120", 24, "192.168.122.255", 0xc325_18f1, "c3:25:18:f1:5d:38"),
        ("10.0.0.5", 32, "10.0.0.255", 0x7c7f_7be0, "71:7f:7b:e0:ac:28"),
    ])
    func seedAndMACAreWhatTheResourceAgentMakes(
        _ address: String, _ length: Int, _ broadcast: String, _ seed: UInt32, _ mac: String
    ) throws {
        let settings = IPaddr2Settings(
            address: try #require(IPAddress(address)), prefixLength: length, broadcast: IPAddress(broadcast))
        #expect(settings.seed == seed && settings.mac.description == mac)
    }

    @Test func aSeedOfAnotherPrefixLengthIsTold() throws {
        try Namespaces.run { _ in
            let other = IPaddr2Settings(
                address: Traffic.cluster, prefixLength: 24, broadcast: IPAddress(10, 8, 0, 255))
            try shell(Self.network)
            try shell(Self.agentTable)
            try shell(Self.agentDrop)
            try shell(Self.agentRule(1).replacing("\(Self.agent.seed)", with: "\(other.seed)"))
            let sample = try Self.sample()
            #expect(sample.driver == "IPaddr2")
            #expect(sample.alterations == [.rule(.seedNotDerived(other.seed, derived: Self.agent.seed))])
        }
    }

    // MARK: Helpers

    /// What either driver says of 10.8.0.1; only one may.
    private static func sample() throws -> ClusterSample {
        let probe = try LinuxProbe()
        let drivers: [any Driver] = [try XtClusterDriver(probe), try IPaddr2Driver(probe)]
        let found = try drivers.flatMap { try $0.sample().clusters }
            .filter { $0.configuration.address == Traffic.cluster }
        #expect(found.count == 1)
        return try #require(found.first)
    }

    /// The buckets whose datagrams reach a service on the cluster address; whole buckets only.
    private static func answered(_ namespaces: Namespaces, _ configuration: ClusterConfiguration) throws -> BucketSet {
        let service = try TestSocket(SOCK_DGRAM, .udp, source: Traffic.cluster, port: Traffic.port)
        let flows = Traffic.flows(.udp, 60)
        try namespaces.onClient {
            try shell("ip neighbour replace 10.8.0.1 lladdr 01:00:5e:00:00:20 dev peer0")
            for (index, flow) in flows.enumerated() {
                let socket = try TestSocket(SOCK_DGRAM, .udp, source: flow.source, port: flow.sourcePort)
                try socket.send([UInt8(index)], to: flow.destination, port: flow.destinationPort)
            }
        }
        var heard: [Int] = []
        while service.isReady(POLLIN, milliseconds: 100), let bytes = service.receive() { heard.append(Int(bytes[0])) }
        #expect(Set(heard).count == heard.count)
        let all = Dictionary(grouping: flows.indices) { configuration.bucket(of: flows[$0]) }
        #expect(all.count == configuration.bucketCount)
        let answered = BucketSet(heard.map { configuration.bucket(of: flows[$0]) })
        #expect(heard.count == answered.reduce(0) { $0 + (all[$1]?.count ?? 0) })
        return answered
    }
}

extension Alteration {
    /// The code of what is wrong with rules of other programs.
    fileprivate var defectCode: String? {
        if case .rule(let defect) = self { defect.code } else { nil }
    }
}
