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
        ("nft jhash ip ttl mod 4 seed 1", "\"ip\" does not fit"),
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
