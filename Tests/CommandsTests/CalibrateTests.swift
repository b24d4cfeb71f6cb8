import Testing

@Suite struct CalibrateTests {
    private static func calibrate(_ arguments: [String], input: String) throws -> Program.Outcome {
        try Program.run([Program.directory + "/clusterip", "calibrate"] + arguments, input: input)
    }

    /// Connections with the buckets that an older kernel would have written, by `who` itself.
    private static func marks(_ options: [String], count: Int = 60) throws -> String {
        let flows = (1...count).map { "tcp 10.9.0.\($0):\(1000 + 7 * $0) -> 10.8.0.1:80\n" }.joined()
        let placed = try Program.run([Program.directory + "/clusterip", "who", "--batch", "-"] + options, input: flows)
        return placed.lines.dropFirst().map { line in
            let fields = line.split(separator: ",")
            return "tcp 6 9 ESTABLISHED src=\(fields[1]) dst=10.8.0.1 sport=\(fields[2]) dport=80 mark=\(fields[5])\n"
        }.joined()
    }

    @Test(arguments: [
        (["--kernel", "3.10"], "Linux 2.6.37 to 4.0, little-endian"),
        (["--kernel", "2.6.32", "--byte-order", "big"], "Linux before 2.6.37, big-endian"),
        ([], "Linux 4.1 or later, little-endian"),
    ])
    func `the generation and the byte order are found from the marks`(kernel: [String], found: String) throws {
        let options = ["--hashmode", "sourceip-sourceport", "--total-nodes", "16", "--hash-init", "42"] + kernel
        let outcome = try Self.calibrate(
            ["-", "--hash-init", "0", "--hash-init", "42"], input: try Self.marks(options))
        #expect(outcome.status == "exit status 0")
        #expect(outcome.output.contains("60 marked connections, 0 without a mark\n"))
        #expect(outcome.output.contains("explained: clusterip sourceip-sourceport, 16 buckets, seed 42, \(found)\n"))
    }

    @Test func `IPv6 connections are calibrated when they are asked for, and IPv4 ones are then left out`() throws {
        let expression = "jhash ip6 saddr . th sport mod 8 seed 0x2a offset 1"
        let flows = (1...60).map { "tcp [2001:db8:0:\($0)::1]:\(1000 + 7 * $0) -> [2001:db8::2]:80\n" }.joined()
        let placed = try Program.run(
            [Program.directory + "/clusterip", "who", "--batch", "-", "--scheme", expression], input: flows)
        let marks =
            placed.lines.dropFirst().map { line in
                let fields = line.split(separator: ",")
                let ends = "src=\(fields[1]) dst=2001:db8::2 sport=\(fields[2]) dport=80"
                return "tcp 6 9 ESTABLISHED \(ends) mark=\(fields[5])\n"
            }.joined() + "tcp 6 9 src=10.9.0.1 dst=10.8.0.1 sport=1 dport=80 mark=1\n"
        let found = try Self.calibrate(["-", "--ipv6", "--hash-init", "42", "--to", "2001:db8::2"], input: marks)
        #expect(found.status == "exit status 0" && found.output.contains("explained: nft \(expression)\n"))
        #expect(found.output.contains("60 marked connections, 0 without a mark, 1 left out"))
        let four = try Self.calibrate(["-", "--total-nodes", "4"], input: marks)
        #expect(four.output.contains("1 marked connection, 0 without a mark, 60 left out"))
        let wrong = try Self.calibrate(["-", "--ipv6", "--to", "10.8.0.1"], input: marks)
        #expect(wrong.status == "exit status 1" && wrong.errors.contains("is not an IPv6 address"))
    }

    @Test func `the tag that our own table writes above the bucket is no part of it`() throws {
        let options = ["--hashmode", "sourceip-sourceport", "--total-nodes", "16", "--hash-init", "42"]
        let tagged = try Self.marks(options).split(separator: "\n").map { line in
            let ends = line.split(separator: "=", omittingEmptySubsequences: false)
            return ends.dropLast().joined(separator: "=") + "=\(0x5a2c_0000 + (Int(ends.last ?? "") ?? 0))\n"
        }.joined()
        let outcome = try Self.calibrate(["-", "--hash-init", "42"], input: tagged)
        #expect(outcome.output.contains("explained: clusterip sourceip-sourceport, 16 buckets, seed 42"), "\(outcome)")
    }

    @Test func `marks that nothing explains, too few marks and no marks are told apart`() throws {
        let random = (1...50).map {
            "tcp 6 9 src=10.9.0.\($0) dst=10.8.0.1 sport=\($0) dport=80 mark=\($0 % 16 + 1)\n"
        }.joined()
        let none = try Self.calibrate(["-", "--format", "json"], input: random)
        #expect(none.status == "exit status 2" && none.output.contains("\"result\" : \"none\""))
        let words = try Self.calibrate(["-"], input: random).output
        #expect(words.contains("wrote; --search-seed tries all seeds\nthe nearest with the seeds that were given"))
        let few = try Self.calibrate(["-"], input: "tcp 6 9 src=10.9.0.1 dst=10.8.0.1 sport=1 dport=80 mark=1\n")
        #expect(
            few.status == "exit status 2" && few.output.contains("no arithmetic explains the marks better than chance"))
        let empty = try Self.calibrate(["-"], input: "tcp 6 9 src=10.9.0.1 dst=10.8.0.1 sport=1 dport=80 mark=0\n")
        #expect(empty.status == "exit status 1" && empty.output.contains("no connection has a mark"))
    }

    @Test func `garbage is named line by line and commands no terminal`() throws {
        let outcome = try Self.calibrate(
            ["-"], input: "\u{1b}]0;x\u{7}\u{0}\u{9b}31m\ntcp 6 9 src=1.2.3 dst=x mark=99999999999\n")
        #expect(outcome.status == "exit status 1")
        #expect(outcome.errors.contains("line 1:") && outcome.errors.contains("line 2:"))
        #expect(!(outcome.errors + outcome.output).unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
    }

    @Test func `a search for the seed needs connections enough and says how many`() throws {
        let marks = try Self.marks(["--hashmode", "sourceip", "--total-nodes", "16", "--hash-init", "7"], count: 9)
        let few = try Self.calibrate(["-", "--search-seed", "--total-nodes", "16"], input: marks)
        #expect(few.status == "exit status 2")
        #expect(few.output.contains("at most 9 that differ in what is hashed; 12 are needed"))
        let found = try Self.calibrate(
            ["-", "--search-seed", "--total-nodes", "16", "--hash-init", "7", "--format", "json"],
            input: try Self.marks(["--hashmode", "sourceip", "--total-nodes", "16", "--hash-init", "7"]))
        #expect(found.status == "exit status 0" && !found.output.contains("search"), "no search where a seed is known")
    }

    @Test func `how sure the answer is stands beside it`() throws {
        var lines = try Self.marks(["--hashmode", "sourceip-sourceport", "--total-nodes", "16", "--hash-init", "42"])
            .split(separator: "\n").map(String.init)
        for index in 0..<5 { lines[9 * index] += "9" }
        let outcome = try Self.calibrate(["-", "--hash-init", "42"], input: lines.joined(separator: "\n") + "\n")
        #expect(outcome.status == "exit status 0")
        #expect(outcome.output.contains("explained: clusterip sourceip-sourceport, 16 buckets, seed 42"))
        #expect(outcome.output.contains("55 of 60 marks agree; chance alone would make one of"))
        #expect(outcome.output.contains("8.3 % of the marks disagree, like marks of other rules"))
        let few = try Self.calibrate(["-", "--hash-init", "42"], input: lines[1...6].joined(separator: "\n") + "\n")
        #expect(few.status == "exit status 2" && few.output.contains("more connections that differ in what is hashed"))
    }

    @Test func `no arithmetic is searched that equal flows with two marks rule out`() throws {
        let marks = (1...99).map { "tcp 6 9 src=10.9.0.1 dst=10.8.0.1 sport=9 dport=80 mark=\($0 % 2 + 1)\n" }.joined()
        let outcome = try Self.calibrate(["-", "--search-seed", "--total-nodes", "2"], input: marks)
        #expect(outcome.status == "exit status 2" && outcome.output.contains("arithmetics are ruled out"))
    }
}
