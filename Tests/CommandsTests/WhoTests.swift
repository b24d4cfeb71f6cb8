import Testing

@Suite struct WhoTests {
    private static let offline = ["--hashmode", "sourceip", "--total-nodes", "16", "--hash-init", "0"]

    private static func who(_ arguments: [String], input: String = "") throws -> Program.Outcome {
        try Program.run([Program.directory + "/clusterip", "who"] + arguments, input: input)
    }

    /// Statement 2 of the kernel's behaviour: 192.0.2.1 hashes to 0x751c0de7, bucket 8 of 16.
    @Test func `one flow is placed offline, and explained`() throws {
        let outcome = try Self.who(["tcp", "192.0.2.1:1234", "10.8.0.1:80", "--explain"] + Self.offline)
        #expect(outcome.status == "exit status 0")
        #expect(outcome.lines.first == "bucket 8 of 16")
        #expect(outcome.output.contains("0x751c0de7  jhash of 1 word with the seed"))
    }

    @Test(arguments: [
        (["tpc", "192.0.2.1", "10.8.0.1"], "\"tpc\" is not a protocol"),
        (["tcp", "192.0.2.256", "10.8.0.1"], "\"192.0.2.256\" is not an address"),
        (["tcp", "192.0.2.1:70000", "10.8.0.1"], "\"70000\" is no port"),
        (["tcp", "192.0.2.1", "ten"], "\"ten\" is no port"), (["192.0.2.1"], "type a destination behind the source"),
    ])
    func `a part that is wrong is named`(flow: [String], sentence: String) throws {
        let outcome = try Self.who(flow + Self.offline)
        #expect(outcome.status == "exit status 1")
        #expect(outcome.errors.contains(sentence))
    }

    @Test(arguments: [
        ("sourceip-sourceport", "10.8.0.1:80", "the source port is hashed, so that 192.0.2.1 alone is many buckets"),
        ("sourceip-sourceport-destport", "10.8.0.1", "the source port is hashed"), ("sourceip", "10.8.0.1", ""),
    ])
    func `a port that is hashed must be there`(mode: String, destination: String, sentence: String) throws {
        let options = ["--hashmode", mode, "--total-nodes", "16", "--hash-init", "0"]
        let outcome = try Self.who(["tcp", "192.0.2.1", destination] + options)
        #expect(outcome.status == (sentence.isEmpty ? "exit status 0" : "exit status 1"))
        #expect(outcome.errors.contains(sentence) || sentence.isEmpty)
        let icmp = try Self.who(["icmp", "192.0.2.1", "10.8.0.1"] + options)
        #expect(icmp.status == "exit status 0", "a protocol without ports needs none")
    }

    @Test(arguments: [
        (["--hashmode", "sourceport", "--total-nodes", "4"], "\"sourceport\" is not a hash mode"),
        (["--hashmode", "sourceip", "--total-nodes", "0"], "\"0\" is not a number of buckets"),
        (["--hashmode", "sourceip", "--total-nodes", "4", "--hash-init", "0xg"], "\"0xg\" is not a seed"),
    ])
    func `a placement that is wrong is named`(options: [String], sentence: String) throws {
        let outcome = try Self.who(["tcp", "192.0.2.1", "10.8.0.1"] + options)
        #expect(outcome.errors.contains(sentence) && outcome.status == "exit status 1")
    }

    @Test func `a batch repeats its columns and adds the bucket, and a bad line stops nothing`() throws {
        let batch = """
            note,protocol,source,source_port,destination,destination_port
            "a, b",tcp,192.0.2.1,1,10.8.0.1,80
            c,6,192.0.2.300,1,10.8.0.1,80
            d,17,192.0.2.1
            e,17,192.0.2.1,,10.8.0.1,

            """
        let outcome = try Self.who(["--batch", "-"] + Self.offline, input: batch)
        #expect(
            outcome.output == """
                note,protocol,source,source_port,destination,destination_port,bucket
                "a, b",tcp,192.0.2.1,1,10.8.0.1,80,8
                e,17,192.0.2.1,,10.8.0.1,,8

                """)
        #expect(outcome.errors.contains("line 3: \"192.0.2.300\" is not an IP address"))
        #expect(outcome.errors.contains("line 4: the line has 3 cells, its header 6"))
        #expect(outcome.status == "exit status 2")
    }

    @Test func `each row may be placed in its own way`() throws {
        let batch = """
            {"protocol":"tcp","source":"192.0.2.1","destination":"10.8.0.1","hash_mode":"sourceip","total_nodes":4,"hash_init":0}
            {"protocol":6,"source":"192.0.2.1","destination":"10.8.0.1","hash_mode":"sourceip","total_nodes":2,"hash_init":0}
            """
        let outcome = try Self.who(["--batch", "-", "--format", "ndjson"] + Self.offline, input: batch)
        #expect(outcome.lines.map { $0.hasSuffix("\"bucket\":2}") } == [true, false])
        #expect(outcome.lines.last?.hasSuffix("\"bucket\":1}") == true)
    }

    @Test func `the flows of a real kernel come back with the kernel's buckets`() throws {
        let path = #filePath.replacing(
            "CommandsTests/WhoTests.swift", with: "ResponsibilityTests/Data/legacy-kernel-flows.csv")
        let outcome = try Self.who(["--batch", path])
        #expect(outcome.status == "exit status 0")
        #expect(outcome.lines.count == 6001)
        // The column `bucket`, which the kernel wrote, is replaced and not doubled.
        #expect(outcome.output == (try Program.text(path)))
    }
}
