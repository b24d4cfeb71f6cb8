import Testing

@Suite struct WhoSummaryTests {
    private static let offline = ["--hashmode", "sourceip-sourceport", "--total-nodes", "4", "--hash-init", "7"]
    private static let captures = #filePath.replacing("CommandsTests/WhoSummaryTests.swift", with: "CaptureTests/Data/")
    private static let mixed = """
        tcp 10.0.0.1:1 -> 10.0.0.2:80
        tcp 6 9 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=1234 dport=80 packets=5 bytes=500 [ASSURED] mark=2 use=1
        State Recv-Q Send-Q Local Address:Port Peer Address:Port
        ESTAB 0      0            10.0.0.2:80      10.0.0.1:1234
        12:00:00.1 IP 10.0.0.9.1234 > 10.0.0.2.80: Flags [S], seq 1, win 64240, length 0
        {"protocol":"udp","source":"10.0.0.3","source_port":9,"destination":"10.0.0.2","destination_port":53}
        foo\u{1b}[2J bar

        """

    private static func who(_ arguments: [String], input: String = "") throws -> Program.Outcome {
        try Program.run([Program.directory + "/clusterip", "who"] + arguments, input: input)
    }

    @Test func `lines of every form are answered one by one, in their order`() throws {
        let outcome = try Self.who(["--batch", "-"] + Self.offline, input: Self.mixed)
        #expect(
            outcome.lines.map(String.init) == [
                "protocol,source,source_port,destination,destination_port,bucket",
                "tcp,10.0.0.1,1,10.0.0.2,80,4", "tcp,10.0.0.1,1234,10.0.0.2,80,4", "tcp,10.0.0.1,1234,10.0.0.2,80,4",
                "tcp,10.0.0.9,1234,10.0.0.2,80,1", "udp,10.0.0.3,9,10.0.0.2,53,2",
            ])
        #expect(outcome.status == "exit status 2")
        #expect(outcome.errors.contains("line 7: \"foo.[2J bar\""))
        #expect(!outcome.errors.contains("\u{1b}"))
    }

    @Test func `a batch is summed up by bucket and node`() throws {
        let outcome = try Self.who(
            ["--batch", "-", "--summary", "--owners", "a=1-2,b=3-4"] + Self.offline, input: Self.mixed)
        #expect(outcome.output.hasPrefix("5 lines, 4 distinct flows, 500 B\n"))
        #expect(outcome.output.contains("counted apart: 1 bad lines, 1 skipped heading"))
        #expect(outcome.output.contains("b           2      3  60.0 %      2        5    500\n"))
        #expect(outcome.output.contains("10.0.0.1          3  60.0 %"))
        #expect(outcome.status == "exit status 2")
    }

    @Test(arguments: ["json", "ndjson", "csv", "bars", "table"])
    func `a summary comes out in every format`(format: String) throws {
        let outcome = try Self.who(
            ["--pcap", Self.captures + "ethernet.pcap", "--summary", "--to", "10.8.0.1", "--format", format]
                + Self.offline)
        #expect(outcome.status == "exit status 0" && outcome.errors.isEmpty)
        let expected = [
            "json": "\"later_fragment_bytes\" : 52", "csv": "\n2,,2,1,2,84,0.400000\n",
            "ndjson": "{\"bucket\":2,\"bytes\":84,\"flows\":1,\"packets\":2,\"records\":2}",
            "bars": "2  ##################################################  2  40.0 %",
            "table": "     2  -            2  40.0 %      1     84\n",
        ]
        #expect(outcome.output.contains(expected[format] ?? ""))
    }

    @Test func `a damaged capture is summed up to where it is whole`() throws {
        let outcome = try Self.who(["--pcap", Self.captures + "cut.pcap"] + Self.offline)
        #expect(outcome.status == "exit status 2")
        #expect(outcome.output.contains("not complete: the capture"))
        #expect(outcome.output.contains("damaged after packet 9"))
        let garbage = try Self.who(["--pcap", Self.captures + "garbage.pcap"] + Self.offline)
        #expect(garbage.status == "exit status 1" && garbage.output.isEmpty)
    }

    @Test func `a stream that is watched is summed up, in the end as a whole`() throws {
        let outcome = try Self.who(["--batch", "-", "--watch"] + Self.offline, input: Self.mixed)
        #expect(outcome.output.contains("5 lines, 4 distinct flows"))
        let wrong = try Self.who(["--watch", "tcp", "10.0.0.1:1", "10.0.0.2:80"] + Self.offline)
        #expect(wrong.status == "exit status 64" && wrong.errors.contains("--watch is for --batch"))
    }

    @Test(arguments: [
        (["--compare-owners", "a=1-4"], "2 of 4 flows (50.0 %) would move to another node\n", "b     a       2"),
        (["--compare-hash-init", "7"], "0 of 4 flows (0.0 %) would move to another node\n", ""),
        (
            ["--compare-total-nodes", "8"],
            "3 of 4 flows (75.0 %) would change their bucket\n0 of 4 flows (0.0 %) would move to another node\n", ""
        ),
        (
            ["--compare-total-nodes", "1"], "3 of 4 flows (75.0 %) would move to another bucket\n",
            "bucket 4  bucket 1      2"
        ),
        (
            ["--compare-scheme", "cluster-match", "--compare-kernel", "3.10"], "compared with cluster-match, 4 buckets",
            ""
        ),
    ])
    func `a comparison says how many flows would move`(options: [String], share: String, move: String) throws {
        let outcome = try Self.who(
            ["--batch", "-", "--summary", "--owners", "a=1-2,b=3-4"] + Self.offline + options, input: Self.mixed)
        #expect(outcome.output.contains(share))
        #expect(outcome.output.contains(move) || move.isEmpty)
    }

    @Test(arguments: [
        (["--owners", "a=1-9"], "bucket 9 is given to a, and the last bucket is 4"),
        (["--owners", "a=1-2,b=2"], "bucket 2 is given to a and to b"),
        (["--owners", "1-2"], "\"1-2\" is not an ownership"),
        (["--compare-owners", "a=1"], "--compare-owners needs the owners to compare with"),
        (["--compare-scheme", "jhash ip saddr mod 4"], "the rule has no seed"),
        (["--compare-kernel", "new"], "\"new\" is not a kernel version"),
        (["--compare-byte-order", "middle"], "\"middle\" is not a byte order"),
        (["--compare-scheme", "cluster-match", "--compare-total-nodes", "33"], "1 to 32 buckets, not 33"),
    ])
    func `what is wrong in a comparison is named`(options: [String], sentence: String) throws {
        let outcome = try Self.who(["--batch", "-", "--summary"] + Self.offline + options, input: Self.mixed)
        #expect(outcome.status == "exit status 1" && outcome.output.isEmpty)
        #expect(outcome.errors.contains(sentence))
    }

    @Test func `other schemes are explained, for IPv6 too`() throws {
        let nft = try Self.who([
            "tcp", "192.0.2.1:1234", "10.8.0.1:80", "--explain", "--scheme",
            "nft jhash ip saddr . tcp sport mod 4 seed 0x1 offset 0",
        ])
        #expect(nft.output.contains("0x0000d204  tcp sport: 04 d2 00 00 read little-endian"))
        #expect(nft.output.contains("× 4) >> 32, plus 0 = 0"))
        let match = try Self.who([
            "tcp", "[2001:db8::1]:1", "[2001:db8::2]:80", "--explain", "--scheme", "cluster-match", "--total-nodes",
            "8",
            "--kernel", "3.10", "--byte-order", "big",
        ])
        #expect(match.output.contains("0x20010db8  source address: 2001:db8::1, only its first four wire bytes"))
        let six = try Self.who(["tcp", "2001:db8::1", "2001:db8::2"] + Self.offline)
        #expect(six.errors.contains("places IPv4 flows only"))
    }

    @Test func `Ctrl-C prints what is known by then`() throws {
        let script = """
            set -m; exec 3<&0
            \(Program.directory)/clusterip who --batch - --summary \(Self.offline.joined(separator: " ")) \
                < <(cat <&3; sleep 3 2>/dev/null) &
            sleep 1; kill -INT $!; wait $!; echo "status $?"
            """
        let outcome = try Program.run(["bash", "-c", script], input: Self.mixed)
        #expect(outcome.output.contains("status 130"))
        #expect(outcome.output.contains("not complete: stopped by Ctrl-C"))
        #expect(outcome.output.contains("5 lines"))
    }
}
