import Responsibility
import TestSupport
import Testing

@testable import FlowReading

/// The quick ways must give what the other parsers give, whatever stands in the lines, and take the usual ones.
@Suite("Lines of tools read the quick way") struct QuickWayTests {
    /// A usual line of each form, as its tool prints it.
    static let usual: [(form: FlowLineFormat, line: String)] = [
        (.socket, "ESTAB 0      0            10.8.0.1:80      10.9.0.1:40000"),
        (.socket, "tcp   ESTAB 0      0            10.8.0.1:80      10.9.0.1:40000 users:((\"nginx\",pid=8,fd=4))"),
        (.socket, "tcp        0      0 10.8.0.1:80             10.9.0.1:40000          ESTABLISHED"),
        (.tcpdump, "12:00:00.000017 IP 10.9.0.1.40000 > 10.8.0.1.80: Flags [S], seq 17, win 64240, length 0"),
        (.tcpdump, "12:00:00.000017 IP 10.9.0.1.40000 > 10.8.0.1.53: UDP, length 20"),
        (
            .firewall,
            "Nov 27 10:00:00 fw kernel: [12345.678901] cip: IN=eth0 OUT= MAC=01:00:5e:08:00:01:0a:00 SRC=10.9.0.1"
                + " DST=10.8.0.1 LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=7 DF PROTO=TCP SPT=40000 DPT=80 WINDOW=64240"
                + " RES=0x00 SYN URGP=0"
        ),
        (
            .access,
            "Nov 27 10:00:00 lb haproxy[99]: 10.9.0.1:40000 [27/Nov/2026:10:00:00.655] fe be/s1 10/0 200 2750 - -"
        ),
        (.access, "10.9.0.1 - frank [27/Nov/2026:10:00:00 +0000] \"GET / HTTP/1.1\" 200 612 \"-\" \"curl\""),
        (.plain, "2026-11-27 10:00:00.000     0.000 TCP       10.9.0.1:40000 ->      10.8.0.1:80    7   4711   1"),
        (.plain, "tcp 10.9.0.1:40000 10.8.0.1:80"),
        (.openFile, "nginx  812 www  4u  IPv4  7936449  0t0  TCP 10.8.0.1:80->10.9.0.1:40000 (ESTABLISHED)"),
        (.tshark, "    9   1.184622     10.9.0.1 → 10.8.0.1     TCP 74 40000 → 80 [SYN] Seq=0 Win=64240 Len=0"),
        (
            .conntrack,
            "tcp      6 431999 ESTABLISHED src=10.9.0.1 dst=10.8.0.1 sport=40000 dport=80 packets=7 bytes=4711"
                + " src=10.8.0.1 dst=10.9.0.1 sport=80 dport=40000 packets=9 bytes=900 [ASSURED] mark=3 use=1"
        ),
        (
            .conntrack,
            "    [NEW] tcp      6 120 SYN_SENT src=10.9.0.1 dst=10.8.0.1 sport=40000 dport=80 [UNREPLIED] src=10.8.0.1"
                + " dst=10.9.0.1 sport=80 dport=40000"
        ),
        (
            .conntrack,
            "-A -t 431996 -u SEEN_REPLY,ASSURED -s 10.9.0.1 -d 10.8.0.1 -r 10.8.0.1 -q 10.9.0.1 -p tcp --sport 42001"
                + " --dport 80 --reply-port-src 80 --reply-port-dst 42001 --state ESTABLISHED -m 3"
        ),
        (
            .conntrack,
            "<flow><meta direction=\"original\"><layer3 protonum=\"2\" protoname=\"ipv4\"><src>10.9.0.1</src><dst>10.8.0.1"
                + "</dst></layer3><layer4 protonum=\"6\" protoname=\"tcp\"><sport>42001</sport><dport>80</dport></layer4>"
                + "<counters><packets>4</packets><bytes>297</bytes></counters></meta><meta direction=\"reply\"><layer3"
                + " protonum=\"2\" protoname=\"ipv4\"><src>10.8.0.1</src><dst>10.9.0.1</dst></layer3></meta><meta"
                + " direction=\"independent\"><mark>3</mark><use>1</use></meta></flow>"
        ),
        (
            .csv,
            "2 123456789010 eni-1235b8ca123456789 10.9.0.1 10.8.0.1 40000 80 6 20 4249 1418530010 1418530070 ACCEPT OK"
        ),
        (
            .json,
            #"{"protocol":"tcp","source":"10.9.0.1","source_port":40000,"destination":"10.8.0.1","destination_port":80}"#
        ),
        (
            .json,
            #"{"timestamp":"2026-11-27T10:00:00.1+0000","event_type":"flow","src_ip":"10.9.0.1","src_port":40000,"#
                + #""dest_ip":"10.8.0.1","dest_port":80,"proto":"TCP","flow":{"pkts_toserver":5,"state":"new"}}"#
        ),
    ]

    private static let needs = FlowNeeds(ports: .source)

    /// Flows with their line numbers, and what the rest came to.
    private struct Reading: Equatable {
        var flows: [Flow] = []
        var lines: [Int] = []
        var others: [Int] = []
        var (records, packets, bytes) = (UInt64(0), UInt64(0), UInt64(0))

        init(_ text: [UInt8], keepsMarks: Bool) throws {
            var (parser, batch) = (FlowParser(needs: needs), FlowBatch(keepsMarks: keepsMarks))
            text.withUnsafeBytes { _ = parser.parse(block: $0, isLast: true, into: &batch) }
            flows = (0..<batch.count).map { batch[$0] }
            lines = Array(batch.lines)
            others = batch.others.map(\.line)
            var summary = try FlowSummary(
                scheme: .clusterIP(Placement(mode: .sourceIPSourcePort, bucketCount: 16, seed: 1)))
            summary.take(batch)
            for count in summary.buckets {
                records += count.records
                packets = packets.addingReportingOverflow(count.packets).partialValue
                bytes = bytes.addingReportingOverflow(count.bytes).partialValue
            }
        }
    }

    @Test(arguments: usual.indices) func theUsualLineIsTaken(index: Int) throws {
        let (form, line) = Self.usual[index]
        let needs = line.contains("40") ? Self.needs : FlowNeeds(ports: [])
        var first = FlowParser(needs: needs)
        guard case .flow(let record) = first.parse(line) else {
            Issue.record("\(first.parse(line))")
            return
        }
        #expect(record.format == form)
        let text = Array(String(repeating: line + "\n", count: 30).utf8)
        var (parser, batch) = (FlowParser(needs: needs), FlowBatch(keepsMarks: false))
        text.withUnsafeBytes { _ = parser.parse(block: $0, isLast: true, into: &batch) }
        #expect(batch.count == 30 && (0..<30).allSatisfy { batch[$0] == record.flow })
        // What the quick way takes at once, behind a first line that tells the form.
        var (way, quick) = (QuickWay(), FlowBatch(keepsMarks: false))
        (way.form, way.learns) = (form, true)
        if form == .json {
            var bytes = line
            bytes.withUTF8 { bytes in
                var object = JSONLine(UnsafeRawBufferPointer(bytes), notesOffers: true)
                _ = try? object.read(needs: needs)
                way.learn(UnsafeRawBufferPointer(bytes), object.offers)
            }
        }
        let taken = text.withUnsafeBytes { way.take($0, 0, &quick, needs) }
        #expect(taken >= 20 * (line.utf8.count + 1), "\(taken) bytes of \(text.count)")
    }

    /// Lines with a few bytes changed, doubled or taken out, and lines of different forms in turn.
    @Test func theyAgreeWithTheOtherParsers() throws {
        var random = SplitMix(seed: 31)
        let spice = Array(" \t\"[]{}:;,.=>-/0159axSRC\\\r".utf8)
        for round in 0..<400 {
            var text: [UInt8] = []
            let (_, one) = Self.usual[round % Self.usual.count]
            for _ in 0..<12 {
                let line =
                    Int.random(in: 0..<8, using: &random) > 0
                    ? one : Self.usual.randomElement(using: &random)?.line ?? ""
                var bytes = Array(line.utf8)
                for _ in 0..<(Bool.random(using: &random) ? 0 : Int.random(in: 1...3, using: &random)) {
                    let place = Int.random(in: 0..<bytes.count, using: &random)
                    switch Int.random(in: 0..<3, using: &random) {
                    case 0: bytes[place] = spice.randomElement(using: &random) ?? 0
                    case 1: bytes.insert(spice.randomElement(using: &random) ?? 0, at: place)
                    default: bytes.remove(at: place)
                    }
                }
                text += bytes + [0x0a]
            }
            text += Array(String(repeating: one + "\n", count: 8).utf8)
            let (slow, quick) = try (Reading(text, keepsMarks: true), Reading(text, keepsMarks: false))
            #expect(slow == quick, "\(String(decoding: text, as: UTF8.self))")
        }
    }

    /// Rows with counters, quotation marks and blanks.
    @Test(arguments: [
        "protocol,source,source_port,destination,destination_port,packets,bytes\n"
            + String(repeating: "tcp,10.9.0.1,1,10.8.0.1,2,3,4\n", count: 9),
        "\"time\",\"protocol\",\"source\",\"source_port\",\"destination\",\"destination_port\"\n"
            + String(repeating: "\"1,\"\"2\",\"tcp\",\"10.9.0.1\",\"1\",\"10.8.0.1\",\"2\"\n", count: 4)
            + String(repeating: "\"1,2\",\"tcp\",\"10.9.0.1\",\"1\",\"10.8.0.1\",\"2\"\n", count: 9),
        "version srcaddr dstaddr srcport dstport protocol packets bytes\n"
            + String(repeating: "2 10.9.0.1 10.8.0.1 1 2 6 3 4\n", count: 9) + "2 10.9.0.1  10.8.0.1 1 2 6 - 4\n",
        "protocol;source;source_port;destination;destination_port;mark\n"
            + String(repeating: "tcp;10.9.0.1;1;10.8.0.1;2;7\n", count: 9) + "tcp;10.9.0.1;1;10.8.0.1;2;x\n",
    ])
    func tablesAgree(text: String) throws {
        let bytes = Array(text.utf8)
        let (slow, quick) = try (Reading(bytes, keepsMarks: true), Reading(bytes, keepsMarks: false))
        #expect(slow == quick && slow.flows.count >= 9)
    }
}
