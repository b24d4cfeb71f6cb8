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
        ("sourceip-sourceport-destport", "10.8.0.1", "the destination port is hashed: write it behind 10.8.0.1"),
        ("sourceip", "10.8.0.1", ""),
    ])
    func `a port that is hashed must be there`(mode: String, destination: String, sentence: String) throws {
        let options = ["--hashmode", mode, "--total-nodes", "16", "--hash-init", "0"]
        let outcome = try Self.who(["tcp", "192.0.2.1", destination] + options)
        #expect(outcome.status == (sentence.isEmpty ? "exit status 0" : "exit status 1"))
        #expect(outcome.errors.contains(sentence) || sentence.isEmpty)
        let icmp = try Self.who(["icmp", "192.0.2.1", "10.8.0.1"] + options)
        #expect(icmp.status == "exit status 0", "a protocol without ports needs none")
    }

    @Test func `a client without its port is shown as it spreads over buckets and nodes`() throws {
        let options = ["--hashmode", "sourceip-sourceport", "--total-nodes", "4", "--owners", "a=1-2,b=3,c=4"]
        let table = try Self.who(["tcp", "192.0.2.1", "10.8.0.1:80"] + options)
        #expect(table.status == "exit status 0")
        #expect(table.output.hasPrefix("the source port is hashed, so that connections of 192.0.2.1 spread"))
        #expect(table.output.contains("write its port for the one bucket: 192.0.2.1:40000"))
        let rows = try Self.who(["tcp", "192.0.2.1", "10.8.0.1:80", "--format", "csv"] + options).lines.dropFirst()
        let cells = rows.map { $0.split(separator: ",").map(String.init) }
        #expect(cells.map { $0[1] } == ["a", "a", "b", "c"])
        #expect(cells.compactMap { Int($0[2]) }.reduce(0, +) == 64_512)
        var counts = [0, 0, 0, 0]
        let input = (1024...65_535).map { "tcp 192.0.2.1:\($0) -> 10.8.0.1:80\n" }.joined()
        let listed = try Self.who(["--batch", "-", "--summary", "--format", "csv"] + options, input: input)
        for (index, line) in listed.lines.dropFirst().enumerated() {
            counts[index] = Int(line.split(separator: ",")[2]) ?? -1
        }
        #expect(cells.compactMap { Int($0[2]) } == counts)
    }

    @Test func `names of services and hosts are understood where they mean one thing`() throws {
        let options = ["--hashmode", "sourceip-sourceport-destport", "--total-nodes", "64"]
        let names = try Self.who(["tcp", "192.0.2.1:40000", "10.8.0.1:http"] + options)
        let numbers = try Self.who(["tcp", "192.0.2.1:40000", "10.8.0.1:80"] + options)
        #expect(names.status == "exit status 0" && names.output == numbers.output)
        let words = try Self.who(["udp", "192.0.2.1", "40000", "10.8.0.1", "domain"] + options)
        #expect(words.output == (try Self.who(["udp", "192.0.2.1:40000", "10.8.0.1:53"] + options)).output)
        let unknown = try Self.who(["tcp", "192.0.2.1:40000", "10.8.0.1:nosuchservice"] + options)
        #expect(unknown.status == "exit status 1" && unknown.errors.contains("\"nosuchservice\" is no port"))
        let host = try Self.who(["tcp", "no-such-host.invalid:1", "10.8.0.1:80"] + options)
        #expect(host.status == "exit status 1" && host.errors.contains("no host of this name is known"))
    }

    @Test func `what connection tracking does with UDP-Lite is named`() throws {
        let outcome = try Self.who(["udplite", "192.0.2.1:1", "10.8.0.1:80"] + Self.offline)
        #expect(outcome.output.contains("note: connection tracking may call UDP-Lite packets invalid"))
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
