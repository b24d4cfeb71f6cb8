import Testing

/// What operators feed to `who`, right and wrong.
@Suite struct WhoInputTests {
    private static let offline = ["--hashmode", "sourceip-sourceport", "--total-nodes", "4", "--hash-init", "7"]

    private static func who(_ arguments: [String], input: String = "") throws -> Program.Outcome {
        try Program.run([Program.directory + "/clusterip", "who"] + arguments, input: input)
    }

    private static let two = """
        tcp 10.0.0.1:1 -> 10.8.0.1:80
        tcp 10.0.0.2:1 -> 10.8.0.2:80
        tcp 6 9 ESTABLISHED src=10.0.0.3 dst=10.8.0.2 sport=1234 dport=80 [ASSURED] mark=2 use=1
        tcp [2001:db8::1]:1 -> [2001:db8::2]:80

        """

    @Test func `only flows to an address are listed and summed up`() throws {
        let listed = try Self.who(["--batch", "-", "--to", "10.8.0.1"] + Self.offline, input: Self.two)
        #expect(listed.lines.count == 2 && listed.status == "exit status 0")
        #expect(listed.errors == "clusterip: 3 flows to other addresses left out\n")
        let summed = try Self.who(["--batch", "-", "--summary", "--to", "10.8.0.1"] + Self.offline, input: Self.two)
        #expect(summed.output.hasPrefix("1 line, 1 distinct flow, to 10.8.0.1\n"))
        #expect(summed.output.contains("counted apart: 3 other destination\n"))
        let rows =
            "protocol,source,source_port,destination,destination_port\ntcp,10.0.0.1,1,10.8.0.1,80\n"
            + "tcp,10.0.0.1,1,10.8.0.9,80\n"
        let table = try Self.who(["--batch", "-", "--to", "10.8.0.9"] + Self.offline, input: rows)
        #expect(table.lines.last == "tcp,10.0.0.1,1,10.8.0.9,80,4" && table.lines.count == 2)
        #expect(table.errors == "clusterip: 1 flow to other addresses left out\n")
        let wrong = try Self.who(["--batch", "-", "--to", "ten"] + Self.offline, input: Self.two)
        #expect(wrong.status == "exit status 1" && wrong.errors.contains("--to \"ten\" is not an address such as"))
    }

    @Test(arguments: ["sourceip", "sourceip-sourceport", "sourceip-sourceport-destport"])
    func `listing and summary take the same rows without ports`(mode: String) throws {
        let rows = """
            protocol,source,source_port,destination,destination_port
            tcp,10.0.0.1,,10.8.0.1,
            tcp,10.0.0.1,5,10.8.0.1,
            tcp,10.0.0.1,5,10.8.0.1,80
            icmp,10.0.0.1,,10.8.0.1,

            """
        let options = ["--hashmode", mode, "--total-nodes", "4", "--hash-init", "7"]
        let listed = try Self.who(["--batch", "-"] + options, input: rows)
        let summed = try Self.who(["--batch", "-", "--summary"] + options, input: rows)
        let right = ["sourceip": 4, "sourceip-sourceport": 3][mode] ?? 2
        #expect(listed.lines.count == right + 1)
        #expect(summed.output.hasPrefix("\(right) lines"))
        #expect(listed.status == summed.status && listed.status == "exit status \(right == 4 ? 0 : 2)")
        #expect(right == 4 || listed.errors.contains("line 2: the ports are missing"))
        #expect(right == 4 || summed.errors.contains("line 2: the ports are missing"))
    }

    @Test func `flows that cannot be placed are counted by their reason`() throws {
        let listed = try Self.who(["--batch", "-"] + Self.offline, input: Self.two)
        #expect(
            listed.errors == "clusterip: 1 flow not placed: CLUSTERIP places IPv4 flows only, and this flow is IPv6\n")
        let summed = try Self.who(["--batch", "-", "--summary"] + Self.offline, input: Self.two)
        #expect(summed.output.contains("not placed: 1, CLUSTERIP places IPv4 flows only"))
        #expect(listed.status == "exit status 2" && summed.status == "exit status 2")
    }

    @Test(arguments: [[], ["--summary"]]) func `bad lines are named and do not flood`(options: [String]) throws {
        let input = (1...500).map { "nonsense \($0)\n" }.joined() + "tcp 10.0.0.1:1 -> 10.8.0.1:80\n"
        let outcome = try Self.who(["--batch", "-"] + options + Self.offline, input: input)
        let errors = outcome.errors.split(separator: "\n")
        #expect(errors.count == 22 && errors[20] == "clusterip: and 480 more bad lines, 500 in all")
        #expect(errors[21].hasPrefix("clusterip: 500 × not a flow, the first in line 1: \"nonsense 1\" is not"))
        #expect(errors.first?.hasPrefix("clusterip: line 1: \"nonsense 1\" is not a flow") == true)
        #expect(outcome.status == "exit status 2")
    }

    @Test func `a line of a megabyte, junk and line ends of DOS are borne`() throws {
        let long = String(repeating: "x", count: 1 << 20)
        let input =
            "tcp 10.0.0.1:1 -> 10.8.0.1:80\r\n\(long)\r\n\u{0}\u{1}\u{7f}\u{fffd}\r\nudp 10.0.0.1:1 -> 10.8.0.1:80\r\n"
        let outcome = try Self.who(["--batch", "-"] + Self.offline, input: input)
        #expect(outcome.lines.count == 3 && outcome.lines.last?.hasPrefix("udp,") == true)
        let errors = outcome.errors.split(separator: "\n")
        #expect(errors.map { $0.prefix(18) } == ["clusterip: line 2:", "clusterip: line 3:"])
        #expect(outcome.status == "exit status 2")
    }

    @Test func `a batch that cannot be read is named`() throws {
        let missing = try Self.who(["--batch", "/nonexistent/flows"] + Self.offline)
        #expect(missing.status == "exit status 1" && missing.errors.contains("No such file or directory"))
        for what in ["--batch", "--pcap"] {
            let folder = try Self.who([what, "/"] + Self.offline)
            #expect(folder.status == "exit status 1" && folder.errors.contains("s a directory"), "\(folder.errors)")
        }
        let empty = try Self.who(["--batch", "/dev/null"] + Self.offline)
        #expect(empty.status == "exit status 1" && empty.errors.contains("is empty"))
        let nothing = try Self.who(["--batch", "/dev/null", "--summary"] + Self.offline)
        #expect(nothing.status == "exit status 0" && nothing.output.hasPrefix("0 lines, 0 distinct flows\n"))
    }

    @Test func `listings of every size and format are whole`() throws {
        let count = 20_000
        let input = (0..<count).map { "udp 10.\($0 >> 8).0.\($0 & 255):\($0 + 1) -> 10.8.0.1:53\n" }.joined()
        let csv = try Self.who(["--batch", "-", "--owners", "a=1-3"] + Self.offline, input: input)
        #expect(csv.lines.count == count + 1 && csv.status == "exit status 0")
        #expect(csv.lines.dropFirst().allSatisfy { $0.hasSuffix(",a") || $0.hasSuffix(",4,") })
        let json = try Self.who(
            ["--batch", "-", "--owners", "a=1-3", "--format", "ndjson"] + Self.offline, input: input)
        #expect(json.lines.count == count)
        for (left, right) in zip(csv.lines.dropFirst(), json.lines) {
            let cells = left.split(separator: ",", omittingEmptySubsequences: false)
            let owner = cells[6].isEmpty ? "null" : "\"\(cells[6])\""
            let expected =
                "{\"protocol\":\"\(cells[0])\",\"source\":\"\(cells[1])\",\"source_port\":\(cells[2]),"
                + "\"destination\":\"\(cells[3])\",\"destination_port\":\(cells[4]),\"bucket\":\(cells[5]),"
                + "\"owner\":\(owner)}"
            guard right == expected else {
                Issue.record("\(left) \(right)")
                return
            }
        }
    }

    @Test(arguments: ["gzip", "zstd"], ["cat PACKED | WHO --batch -", "WHO --batch - <PACKED", "WHO --batch PACKED"])
    func `a packed batch is unpacked`(program: String, reading: String) throws {
        let packed = "/tmp/clusterip-test-packed-\(UInt32.random(in: 0...UInt32.max))"
        defer { _ = try? Program.run(["rm", "-f", packed]) }
        let who = "\(Program.directory)/clusterip who --hashmode sourceip --total-nodes 4 --hash-init 7 --summary"
        let command = reading.replacing("WHO", with: who).replacing("PACKED", with: packed)
        let lines = "yes 'tcp 10.0.0.1:1 -> 10.8.0.1:80' | head -n 200000"
        let outcome = try Program.run(["bash", "-c", "\(lines) | \(program) -cq > \(packed); \(command)"])
        #expect(outcome.output.contains("200000 lines, 1 distinct flow"), "\(outcome)")
        #expect(outcome.status == "exit status 0" && outcome.errors.isEmpty)
        let cut = "\(lines) | \(program) -cq | head -c 100 > \(packed); \(command)"
        let damaged = try Program.run(["bash", "-c", cut])
        #expect(damaged.status == "exit status 1" && damaged.errors.contains("is not whole: unpacking it failed"))
    }
}
