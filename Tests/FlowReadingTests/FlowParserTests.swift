import FlowReading
import Responsibility
import Testing

@Suite("Reading flows from text")
struct FlowParserTests {
    private func flow(
        _ transport: TransportProtocol, _ source: String, _ sourcePort: UInt16, _ destination: String,
        _ destinationPort: UInt16
    ) throws -> Flow {
        Flow(
            transport: transport, source: try #require(IPAddress(source)), sourcePort: sourcePort,
            destination: try #require(IPAddress(destination)), destinationPort: destinationPort)
    }

    private func record(_ line: String) throws -> FlowRecord {
        var parser = FlowParser()
        guard case .flow(let record) = parser.parse(line) else {
            throw Unexpected(content: parser.parse(line), line: line)
        }
        return record
    }

    struct Unexpected: Error {
        var content: FlowLine
        var line: String
    }

    @Test(arguments: [
        "tcp 10.0.0.1:1234 -> 10.0.0.2:80", "  TCP\t10.0.0.1:1234  ->  10.0.0.2:80 \r",
        "6 10.0.0.1:1234 -> 10.0.0.2:80",
        "tcp      6 431999 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=1234 dport=80 src=10.0.0.2 dst=10.0.0.1 sport=80"
            + " dport=1234 [ASSURED] use=1",
        "ipv4     2 tcp      6 117 SYN_SENT src=10.0.0.1 dst=10.0.0.2 sport=1234 dport=80 [UNREPLIED] src=10.0.0.2"
            + " dst=10.0.0.1 sport=80 dport=1234 use=2",
        "    [NEW] tcp      6 120 SYN_SENT src=10.0.0.1 dst=10.0.0.2 sport=1234 dport=80 [UNREPLIED]",
        "[1700000000.123456]\t[DESTROY] tcp      6 src=10.0.0.1 dst=10.0.0.2 sport=1234 dport=80",
        "ESTAB 0      0            10.0.0.2:80      10.0.0.1:1234",
        "tcp   ESTAB 0      0      10.0.0.2%eth0:80 10.0.0.1:1234",
        "0      0      10.0.0.2:80 10.0.0.1:1234", "tcp 0 0 10.0.0.2:80 10.0.0.1:1234 users:((\"x\",pid=1,fd=3))",
        "ESTAB 0 0 [::ffff:10.0.0.2]%eth0:80 [::ffff:10.0.0.1]:1234",
        "TIME-WAIT 0 0 [::ffff:10.0.0.2]:80 [::ffff:10.0.0.1]:1234 timer:(timewait,30sec,0)",
        "12:00:00.123456 IP 10.0.0.1.1234 > 10.0.0.2.80: Flags [S], seq 1, win 64240, length 0",
        "2026-11-22 12:00:00.123456 IP 10.0.0.1.1234 > 10.0.0.2.80: tcp 0",
        "IP 10.0.0.1.1234 > 10.0.0.2.80: Flags [.], ack 1, win 502, length 0",
        "12:00:00.1 eth0  In  IP 10.0.0.1.1234 > 10.0.0.2.80: Flags [S], seq 1, length 0",
        "12:00:00.1 0a:00:00:00:00:01 > 01:00:5e:00:00:20, ethertype IPv4 (0x0800), length 74: 10.0.0.1.1234 >"
            + " 10.0.0.2.80: Flags [S], seq 1, length 0",
        "    10.0.0.1.1234 > 10.0.0.2.80: Flags [S], cksum 0x1234 (correct), seq 1, length 0",
        #"{"protocol":"tcp","source":"10.0.0.1","source_port":1234,"destination":"10.0.0.2","destination_port":80}"#,
        #" { "x" : [1, {"]": "}"}], "source" : "10.0.0.1", "protocol" : 6, "source_port":"1234","#
            + #""destination":"10.0.0.2","destination_port":80, "note":"a\"b", "mark":null } "#,
    ])
    func everyFormOfTheSameFlowIsRecognised(line: String) throws {
        #expect(try record(line).flow == flow(.tcp, "10.0.0.1", 1234, "10.0.0.2", 80))
    }

    @Test func otherProtocolsAndFamiliesAreRecognised() throws {
        let cases: [(String, Flow)] = [
            ("icmp 10.0.0.1 -> 10.0.0.2", try flow(.icmp, "10.0.0.1", 0, "10.0.0.2", 0)),
            ("47 10.0.0.1 -> 10.0.0.2", try flow(.gre, "10.0.0.1", 0, "10.0.0.2", 0)),
            ("udp [2001:db8::1]:53 -> [2001:db8::2]:99", try flow(.udp, "2001:db8::1", 53, "2001:db8::2", 99)),
            (
                "icmp     1 29 src=10.0.0.1 dst=10.0.0.2 type=8 code=0 id=7 src=10.0.0.2 dst=10.0.0.1 type=0 mark=3",
                try flow(.icmp, "10.0.0.1", 0, "10.0.0.2", 0)
            ),
            ("unknown  47 599 src=10.0.0.1 dst=10.0.0.2 src=10.0.0.2", try flow(.gre, "10.0.0.1", 0, "10.0.0.2", 0)),
            ("IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 1", try flow(.icmp, "10.0.0.1", 0, "10.0.0.2", 0)),
            ("IP 10.0.0.1.53 > 10.0.0.2.99: 7+ A? x.example. (27)", try flow(.udp, "10.0.0.1", 53, "10.0.0.2", 99)),
            ("IP 10.0.0.1 > 10.0.0.2: GREv0, length 8", try flow(.gre, "10.0.0.1", 0, "10.0.0.2", 0)),
            ("IP 10.0.0.1 > 10.0.0.2: ip-proto-89 44", try flow(.init(rawValue: 89), "10.0.0.1", 0, "10.0.0.2", 0)),
            (
                "IP 10.0.0.1 > 10.0.0.2: ESP(spi=0x12345678,seq=0x1)",
                try flow(.esp, "10.0.0.1", 0x1234, "10.0.0.2", 0x5678)
            ),
            (
                "IP 10.0.0.1 > 10.0.0.2: AH(spi=0x12345678,seq=1): x",
                try flow(.ah, "10.0.0.1", 0x1234, "10.0.0.2", 0x5678)
            ),
            ("IP6 2001:db8::1.53 > 2001:db8::2.99: Flags [S]", try flow(.tcp, "2001:db8::1", 53, "2001:db8::2", 99)),
            ("udp ESTAB 0 0 [2001:db8::2%e]:99 [2001:db8::1]:53", try flow(.udp, "2001:db8::1", 53, "2001:db8::2", 99)),
        ]
        for (line, expected) in cases { #expect(try record(line).flow == expected, "\(line)") }
    }

    @Test func conntracksMarksAndCountersAreKept() throws {
        let record = try record(
            "tcp      6 9 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 packets=7 bytes=700 src=10.0.0.2"
                + " dst=10.0.0.1 sport=2 dport=1 packets=8 bytes=800 [ASSURED] mark=4 use=1")
        #expect(record.mark == 4 && record.packets == 7 && record.bytes == 700 && record.format == .conntrack)
    }

    @Test func csvColumnsMayStandInAnyOrderAndCarryAPlacement() throws {
        var parser = FlowParser()
        #expect(
            parser.parse(
                "destination,hash_mode,x,\"source\",source_port,protocol,destination_port,total_nodes,hash_init")
                == .skipped(.heading))
        guard case .flow(let record) = parser.parse("10.8.0.1,sourceip,\"a,b\",10.9.0.1, 5 ,17,53,7,0xff") else {
            Issue.record("not a flow")
            return
        }
        #expect(record.flow == (try flow(.udp, "10.9.0.1", 5, "10.8.0.1", 53)))
        let common = Placement(mode: .sourceIPSourcePort, bucketCount: 4, seed: 1, byteOrder: .big)
        let expected = Placement(mode: .sourceIP, bucketCount: 7, seed: 255, byteOrder: .big)
        #expect(record.placement(over: common) == expected)
    }

    @Test func aBatchReadFromTextIsPlacedWithoutPortsWhereThereAreNone() {
        var (parser, batch) = (FlowParser(), FlowBatch())
        let text = "tcp 10.9.0.1:1 -> 10.8.0.1:2\nicmp 10.9.0.1:1 -> 10.8.0.1:2\n"
        _ = Array(text.utf8).withUnsafeBytes { parser.parse(block: $0, isLast: true, into: &batch) }
        let placement = Placement(mode: .sourceIPSourcePortDestinationPort, bucketCount: 1 << 30, seed: 0)
        #expect(placement.buckets(of: batch).map(Int.init) == (0..<2).map { placement.bucket(of: batch[$0]) })
        #expect(batch.sourcePorts == [1, 0])
    }

    @Test func theKernelsOwnCSVIsReadAndPlacedRight() throws {
        var parser = FlowParser()
        var batch = FlowBatch()
        let text = try Samples.kernelFlows()
        let read = Array(text.utf8).withUnsafeBytes { parser.parse(block: $0, isLast: true, into: &batch) }
        #expect(read == text.utf8.count && batch.count == 6000 && batch.lineCount == 6001)
        let common = Placement(mode: .sourceIP, bucketCount: 1, seed: 0)
        let wrong = (0..<batch.count).count { index in
            guard let record = batch.details[index] else { return true }
            return record.placement(over: common).bucket(of: batch[index]) != record.bucket.map(Int.init)
        }
        #expect(wrong == 0)
    }

    @Test(arguments: [
        ("", SkippedLine.blank), (" \t\r", .blank), ("# tcp", .comment), ("\t cubic rto:204", .continuation),
        ("State  Recv-Q Send-Q Local Address:Port", .heading), ("LISTEN 0 128 0.0.0.0:22 0.0.0.0:*", .listener),
        ("udp UNCONN 0 0 127.0.0.1:53 0.0.0.0:*", .listener), ("Netid State", .heading),
        ("conntrack v1.4.7 (conntrack-tools): 3 flow entries have been shown.", .heading),
        ("tcpdump: verbose output suppressed", .heading), ("IP 10.0.0.1 > 10.0.0.2: udp", .fragment),
        ("listening on eth0, link-type EN10MB (Ethernet), snapshot length 262144 bytes", .heading),
        ("Recv-Q Send-Q Local Address:Port", .heading), ("5 packets captured", .heading),
        ("0 packets dropped by kernel", .heading), ("u_str ESTAB 0 0 /run/x 1 * 2", .notIP),
        ("nl UNCONN 0 0 rtnl:kernel *", .notIP),
        ("12:00:00.1 0a:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, ethertype ARP (0x0806), length 42: Request", .notIP),
        ("12:00:00.1 ARP, Request who-has 10.0.0.1 tell 10.0.0.2, length 28", .notIP),
        ("12:00:00.1 IP (tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto TCP (6), length 60)", .continuation),
    ])
    func linesWithoutAFlowAreSkipped(line: String, expected: SkippedLine) {
        var parser = FlowParser()
        #expect(parser.parse(line) == .skipped(expected))
    }

    @Test("the bytes of a packet as text are no flows, of ARP, LLDP and STP either")
    func bytesAsTextAreSkipped() throws {
        for (packet, text) in [
            ("12:00:00.1 ARP, Request who-has 10.8.0.1 tell 10.9.0.1, length 28", ".........]...."),
            ("12:00:00.1 LLDP, length 60", "...x....tcp 10.0.0.1:1 -> 10.0.0.2:2"),
            ("12:00:00.1 STP 802.1d, Config, Flags [none]", "BB.........."),
        ] {
            var parser = FlowParser()
            #expect(parser.parse(packet) == .skipped(.notIP))
            #expect(parser.parse(text) == .skipped(.continuation))
            #expect(parser.parse("...") == .skipped(.continuation))
            #expect(parser.parse("nonsense") == .skipped(.continuation))
            let next = parser.parse("12:00:00.2 IP 10.9.0.1.40000 > 10.8.0.1.80: Flags [S], seq 1, length 0")
            guard case .flow = next else { throw Unexpected(content: next, line: packet) }
        }
    }

    @Test("a line behind an ARP packet that is no text of its bytes is still a mistake")
    func nonsenseBehindARPIsAMistake() throws {
        var parser = FlowParser()
        _ = parser.parse("12:00:00.1 ARP, Request who-has 10.8.0.1 tell 10.9.0.1, length 28")
        let read = parser.parse("nonsense")
        guard case .error = read else { throw Unexpected(content: read, line: "nonsense") }
    }

    @Test(arguments: [
        ("nonsense", "\"nonsense\" is not a flow"), ("tcp 10.0.0.1 -> 10.0.0.2", "ports are missing"),
        ("tcp 10.0.0.256:1 -> 10.0.0.2:2", "\"10.0.0.256\" is not an IP address"),
        ("tcp 10.0.0.1:65536 -> 10.0.0.2:2", "\"65536\" is not a port"),
        ("tcp 10.0.0.1:1 ->", "destination is missing"),
        ("foo 10.0.0.1:1 -> 10.0.0.2:2", "\"foo\" is not a protocol"), ("tcp 10.0.0.1:1 -> [::1]:2", "mixes"),
        ("tcp 6 src=10.0.0.1 sport=1", "dst is missing"), ("tcp 6 src=1.2.3.4 dst=1.2.3.5", "ports are missing"),
        ("tcp 6 9 X src=1.2.3.4 dst=1.2.3.5 sport=1 dport=2 mark=x", "not a number for mark"),
        ("IP web.example.1234 > 10.0.0.2.80: Flags [S]", "is a name"),
        ("IP 10.0.0.1.http > 10.0.0.2.80: Flags", "is a name"),
        ("10.0.0.1,2", "first line must name the columns"), ("{\"protocol\":\"tcp\"", "not a JSON object"),
        ("{}", "protocol is missing"), ("source,destination", "column protocol is missing"),
        ("\u{1b}[31mred", "\".[31mred\" is not a flow"),
        ("{\"source\":\"1.2.3.4\",\"source\":\"1.2.3.4\"}", "occurs twice"),
    ])
    func mistakesAreNamed(line: String, text: String) {
        var parser = FlowParser()
        guard case .error(let error) = parser.parse(line) else {
            Issue.record("no error for \(line)")
            return
        }
        #expect(error.description.contains(text), "\(error)")
        #expect(error.description.utf8.allSatisfy { (0x20...0x7e).contains($0) })
    }

    @Test func blocksMayBeCutAnywhere() {
        let lines = (0..<50).map { "tcp 10.0.\($0).1:\($0 * 1000) -> 10.8.0.1:80\($0 % 7 == 0 ? "\r" : "")" }
        let text = Array((lines.joined(separator: "\n") + "\nudp 1.2.3.4:5 -> 6.7.8.9:10").utf8)
        for size in [1, 7, 64, 100, 5000] {
            var (parser, batch, rest) = (FlowParser(), FlowBatch(), [UInt8]())
            for start in stride(from: 0, to: text.count, by: size) {
                rest += text[start..<min(start + size, text.count)]
                let isLast = start + size >= text.count
                let read = rest.withUnsafeBytes { parser.parse(block: $0, isLast: isLast, into: &batch) }
                rest.removeFirst(read)
            }
            #expect(rest.isEmpty && batch.count == 51 && batch.others.isEmpty && Array(batch.lines) == Array(1...51))
            #expect(batch.sources[49] == IPv4Address(10, 0, 49, 1).number && batch.transports[50] == 17)
        }
    }
}
