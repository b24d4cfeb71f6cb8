import Testing

@Suite struct WhoSchemeTests {
    private static func who(_ arguments: [String]) throws -> Program.Outcome {
        try Program.run([Program.directory + "/clusterip", "who"] + arguments, input: "")
    }

    @Test(arguments: [
        ("jhash ip saddr mod 4 offset 1", "the rule has no seed, so the kernel drew a random one that nothing shows"),
        ("symhash mod 4 offset 1", "symhash is keyed by every kernel anew at boot, so nothing can predict it"),
        ("nft jhash ip saddr . th sport mod 4 seed 1", "\"th sport\" of icmp is other bytes than ports"),
        ("nft jhash ip6 saddr mod 4 seed 1", "\"ip6 saddr\" is not in a packet of this address family"),
        ("nft jhash ip ttl mod 4 seed 1", "\"ip ttl\" differs between the packets of one flow"),
    ])
    func `an expression that nothing can predict is refused with the reason`(scheme: String, reason: String) throws {
        let outcome = try Self.who(["icmp", "192.0.2.1", "10.8.0.1", "--scheme", scheme])
        #expect(outcome.status == "exit status 1" && outcome.errors.contains(reason))
    }

    @Test func `the kernel's IPv6 defect of xt_cluster is reproduced and named`() throws {
        let scheme = ["--scheme", "cluster-match", "--total-nodes", "32", "--hash-init", "0xfeedcafe"]
        let outcomes = try ["2001:db8::1", "2001:db8:1:2:3:4:5:6"].map { source in
            try Self.who(["tcp", "[\(source)]:1", "[2001:db8::99]:80", "--explain"] + scheme)
        }
        let buckets = Set(outcomes.map { $0.lines.first ?? "" })
        #expect(buckets.count == 1)
        for outcome in outcomes {
            #expect(outcome.output.contains("(a defect of the kernel): all of 2001:db8::/32 is in this bucket\n"))
        }
        let four = try Self.who(["tcp", "192.0.2.1:1", "10.8.0.1:80", "--explain"] + scheme)
        #expect(four.status == "exit status 0" && !four.output.contains("note:"))
    }
}

/// Schemes as people have them: whole rules, and numbers as the programs read them.
@Suite struct WhoRuleTests {
    private static func who(_ arguments: [String]) throws -> Program.Outcome {
        try Program.run([Program.directory + "/clusterip", "who"] + arguments, input: "")
    }

    private static let flow = ["tcp", "10.9.1.2:4000", "10.8.0.1:7777"]

    @Test(arguments: [
        (
            "iifname \"eth0\" ip daddr 10.8.0.1 ct mark set jhash ip saddr . tcp sport mod 16 seed 0x2a offset 1 counter",
            "jhash ip saddr . tcp sport mod 16 seed 42 offset 1"
        ),
        (
            "iif \"eth0\" ip daddr 10.0.0.5 jhash ip saddr mod 4 seed 0x14fa0e3b offset 1 3 meta pkttype set host accept",
            "jhash ip saddr mod 4 seed 0x14fa0e3b offset 1"
        ),
        ("dnat to jhash ip saddr mod 2 seed 010 map { 0 : 10.0.0.1, 1 : 10.0.0.2 }", "jhash ip saddr mod 2 seed 8"),
        ("jhash ip saddr mod 4 seed 0x1 offset 1 @own accept", "jhash ip saddr mod 4 seed 1 offset 1"),
        ("meta mark set jhash th sport mod 4 seed 1 vmap { 0 : accept }", "jhash th sport mod 4 seed 1"),
    ])
    func `a whole rule of nftables is its expression`(rule: String, expression: String) throws {
        let outcome = try Self.who(Self.flow + ["--scheme", rule])
        #expect(outcome.status == "exit status 0", "\(outcome.errors)")
        #expect(outcome.output == (try Self.who(Self.flow + ["--scheme", expression])).output)
    }

    @Test(arguments: [
        (
            "-A INPUT -d 10.8.0.1/32 -i eth0 -j CLUSTERIP --new --hashmode sourceip-sourceport --clustermac "
                + "01:00:5E:08:00:01 --total-nodes 16 --local-node 1 --hash-init 052",
            ["--hashmode", "sourceip-sourceport", "--total-nodes", "16", "--hash-init", "42"]
        ),
        (
            "CLUSTERIP  all  --  anywhere  10.8.0.1  CLUSTERIP hashmode=sourceip clustermac=01:00:5E:08:00:01 total_nodes=2 "
                + "local_node=1 hash_init=0", ["--hashmode", "sourceip", "--total-nodes", "2"]
        ),
        (
            "-A INPUT -m cluster --cluster-total-nodes 4 --cluster-local-nodemask 0x2 --cluster-hash-seed 0xdeadbeef -j ACCEPT",
            ["--scheme", "cluster-match", "--total-nodes", "4", "--hash-init", "3735928559"]
        ),
    ])
    func `a whole rule of iptables is its options`(rule: String, options: [String]) throws {
        let outcome = try Self.who(Self.flow + ["--scheme", rule])
        #expect(outcome.status == "exit status 0", "\(outcome.errors)")
        #expect(outcome.output == (try Self.who(Self.flow + options)).output)
    }

    @Test(arguments: [
        ("round-robin", "\"round-robin\" is no scheme"),
        ("-j CLUSTERIP --new --hashmode sourceip --local-node 1", "the rule has no --total-nodes"),
        ("-j CLUSTERIP --hashmode destip --total-nodes 2", "--hashmode \"destip\" is no mode"),
        ("-m cluster --cluster-total-nodes 64 --cluster-hash-seed 1", "--cluster-total-nodes 64 is outside 1 to 32"),
        ("-m cluster --cluster-total-nodes 4 --cluster-hash-seed 08", "--cluster-hash-seed \"08\" is not a number"),
        ("numgen inc mod 2", "numgen counts packets"),
    ])
    func `what is wrong with a scheme is named`(scheme: String, reason: String) throws {
        let outcome = try Self.who(Self.flow + ["--scheme", scheme])
        #expect(outcome.status == "exit status 1" && outcome.errors.contains(reason), "\(outcome.errors)")
    }

    @Test func `a bucket is told among the numbers that its rule gives`() throws {
        let outcome = try Self.who(Self.flow + ["--scheme", "jhash ip saddr mod 16 seed 1 offset 101"])
        #expect(outcome.output.hasSuffix(" of 101 to 116\n"), "\(outcome.output)")
        let octal = try Self.who(Self.flow + ["--hashmode", "sourceip", "--total-nodes", "020", "--hash-init", "010"])
        let decimal = try Self.who(Self.flow + ["--hashmode", "sourceip", "--total-nodes", "16", "--hash-init", "8"])
        #expect(octal.output == decimal.output)
    }
}
