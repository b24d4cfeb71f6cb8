import FlowReading
import Foundation
import Responsibility
import Testing

/// What real tools print, each file as the tool wrote it: of one capture, one table of connections, one log.
@Suite("Texts of real tools") struct ToolTextTests {
    /// The lines of a file by what they are.
    struct Reading: Equatable, CustomStringConvertible {
        var flows: [Flow] = []
        var skipped: [SkippedLine: Int] = [:]
        var errors: [String] = []

        init(_ file: String, needs: FlowNeeds = FlowNeeds(), block size: Int = .max) throws {
            let data = try Samples.data("texts/" + file)
            var (parser, rest) = (FlowParser(needs: needs), [UInt8]())
            for start in stride(from: 0, to: data.count, by: min(size, data.count)) {
                let end = min(data.count, start.addingReportingOverflow(size).overflow ? .max : start + size)
                rest += data[start..<end]
                var batch = FlowBatch()
                let taken = rest.withUnsafeBytes { parser.parse(block: $0, isLast: end == data.count, into: &batch) }
                rest.removeFirst(taken)
                take(batch)
            }
        }

        private mutating func take(_ batch: FlowBatch) {
            var next = 0
            for (line, content) in batch.others {
                let end = batch.lines.firstIndex(from: next, above: line)
                flows += (next..<end).map { batch[$0] }
                next = end
                switch content {
                case .flow(let record): flows.append(record.flow)
                case .skipped(let why): skipped[why, default: 0] += 1
                case .error(let error): errors.append("\(error)")
                }
            }
            flows += (next..<batch.count).map { batch[$0] }
        }

        var description: String { "\(flows.count) flows \(skipped) \(errors.prefix(3))" }
    }

    /// Every way to print a capture gives the same packets.
    @Test(arguments: [
        "tcpdump-v.txt", "tcpdump-A.txt", "tcpdump-X.txt", "tcpdump-e.txt", "tcpdump-q.txt", "tcpdump-t.txt",
        "tcpdump-tttt.txt", "tcpdump-ttt.txt", "tcpdump-vvv-e.txt", "tcpdump-number.txt", "tcpdump-v-X.txt",
        "tcpdump-v-A.txt",
    ])
    func tcpdumpPrintsTheSamePacketsInEveryWay(file: String) throws {
        let plain = try Reading("tcpdump.txt", needs: FlowNeeds(ports: []))
        #expect(plain.flows.count > 60 && plain.errors.isEmpty, "\(plain)")
        let other = try Reading(file, needs: FlowNeeds(ports: []))
        #expect(other.errors.isEmpty && other.skipped[.fragment] == plain.skipped[.fragment], "\(other)")
        #expect(other.flows == plain.flows, "\(other.flows.count) of \(plain.flows.count)")
    }

    /// A capture of many protocols, tunnels, tags and fragments, printed in every way, gives the same packets.
    @Test(arguments: ["v", "vv", "e", "v-e", "q", "A", "vv-X", "t-v", "t-e"])
    func tcpdumpPrintsEveryProtocolInEveryWay(options: String) throws {
        let plain = try Reading("protocols.txt", needs: FlowNeeds(ports: []))
        #expect(plain.flows.count == 40 && plain.errors.isEmpty && plain.skipped[.fragment] == 3, "\(plain)")
        let other = try Reading("protocols-\(options).txt", needs: FlowNeeds(ports: []))
        #expect(other.errors.isEmpty && other.skipped[.fragment] == plain.skipped[.fragment], "\(other)")
        #expect(other.flows == plain.flows, "\(other.flows.count) of \(plain.flows.count)")
    }

    @Test func whatAWebServerLogsIsItsOwn() throws {
        let reading = try Reading("vhost.txt", needs: FlowNeeds(ports: []))
        #expect(
            reading.errors.isEmpty && reading.flows.map { "\($0.source)" } == [String](repeating: "10.9.0.1", count: 4))
        #expect(reading.flows[0].destination == IPAddress("10.8.0.1") && reading.flows[2].destinationPort == 80)
    }

    /// How many flows, and how many lines of each other kind, a file has; a scheme that needs no ports reads it.
    @Test(
        arguments: [
            ("conntrack.txt", 22, [.heading: 1]), ("conntrack6.txt", 5, [.heading: 1]),
            ("conntrack-extended.txt", 22, [:]),
            ("conntrack-save.txt", 23, [.heading: 1]), ("conntrack-xml.txt", 23, [.heading: 3]),
            ("nf_conntrack.txt", 23, [:]), ("ulogd.txt", 23, [:]), ("ss-tan.txt", 10, [.heading: 1, .listener: 3]),
            ("ss-tunap.txt", 10, [.heading: 1, .listener: 5]), ("ss-noheader.txt", 10, [:]),
            ("ss-tni.txt", 10, [.heading: 1, .continuation: 10]), ("ss-oneline.txt", 10, [.heading: 1]),
            ("ss-tinemo.txt", 10, [.heading: 1, .continuation: 10]), ("netstat-tn.txt", 10, [.heading: 2]),
            ("netstat-tuanp.txt", 10, [.heading: 2, .listener: 5]), ("netstat-eo.txt", 10, [.heading: 2]),
            ("netstat-an.txt", 10, [.heading: 4, .listener: 5]), ("lsof.txt", 10, [.heading: 1, .listener: 5]),
            ("haproxy.txt", 3, [:]), ("nginx.txt", 3, [:]), ("kernel-log.txt", 5, [.fragment: 1]),
            ("zeek-conn.log.txt", 2, [.comment: 4, .heading: 1]), ("eve.txt", 2, [.heading: 1]), ("ecs.txt", 1, [:]),
            ("vpc-flow-log.txt", 1, [.heading: 1, .notIP: 1]), ("vpc-flow-log-bare.txt", 1, [.heading: 1]),
            ("journal.txt", 1, [:]), ("tshark-ek-fields.txt", 6, [.heading: 6]),
            ("tshark-ek-fragments.txt", 2, [.heading: 6, .fragment: 4]),
            ("tshark-x.txt", 4, [.continuation: 19]),
        ] as [(String, Int, [SkippedLine: Int])])
    func everyLineIsUnderstood(file: String, flows: Int, skipped: [SkippedLine: Int]) throws {
        let reading = try Reading(file, needs: FlowNeeds(ports: []))
        #expect(reading.errors.isEmpty, "\(reading.errors)")
        #expect(reading.flows.count == flows && reading.skipped == skipped, "\(reading)")
        for size in [1, 977] { #expect(try Reading(file, needs: FlowNeeds(ports: []), block: size) == reading) }
    }

    @Test func allFormsOfOneTableOfConnectionsAreTheSame() throws {
        let text = Set(try Reading("nf_conntrack.txt").flows)
        for file in ["conntrack-save.txt", "conntrack-xml.txt"] {
            #expect(Set(try Reading(file).flows.map { $0 }).subtracting(text).allSatisfy { $0.transport == .gre })
        }
        let sockets = Set(try Reading("ss-tan.txt").flows)
        for file in ["netstat-tn.txt", "netstat-an.txt", "lsof.txt", "ss-oneline.txt", "ss-tni.txt"] {
            #expect(Set(try Reading(file).flows) == sockets)
        }
        #expect(sockets.isSubset(of: text) && sockets.count == 10)
    }

    @Test func tsharkTellsThePacketsThatItShowsThePortsOf() throws {
        let plain = try Reading("tshark.txt", needs: FlowNeeds(ports: []))
        #expect(
            plain.errors.allSatisfy { $0.contains("take -T fields or -T ek") } && plain.flows.count > 40, "\(plain)")
        let fields = try Reading("tshark-fields.txt")
        let packets = Set(try Reading("tcpdump.txt", needs: FlowNeeds(ports: [])).flows)
        #expect(fields.flows.count > 60, "\(fields)")
        for flow in fields.flows where [.tcp, .udp, .icmp, .icmpV6].contains(flow.transport) {
            #expect(packets.contains(flow), "\(flow)")
        }
        let tiny = try Reading("tshark-ek.txt")
        #expect(tiny.flows.count == 6 && tiny.errors.isEmpty && tiny.flows.allSatisfy(packets.contains))
        #expect(try Reading("tshark-json.txt").flows == tiny.flows)
    }

    @Test func nfdumpsFormsAreTheSame() throws {
        let line = try Reading("nfdump.txt")
        // UDP-Lite and a fragment of IPv6, whose names are cut off.
        #expect(line.errors.allSatisfy { $0.contains("is not a protocol") } && line.flows.count > 100, "\(line)")
        let table = try Reading("nfdump-csv.txt", needs: FlowNeeds(ports: []))
        let others = Set(line.flows).subtracting(table.flows)
        #expect(others.isEmpty, "\(others)")
    }

    /// The day of the month is no protocol, and neither is any other pair of words.
    @Test(arguments: [
        "Nov 27 10:00:00 fw1 conntrackd[99]: ", "<30>Nov  7 10:00:00 fw1 conntrackd: ",
        "2026-11-27T10:00:00.123456+01:00 fw1 conntrackd[99]: ",
        "<34>1 2026-11-27T10:00:00.003Z fw1 conntrackd 99 - - ",
        "<34>1 2026-11-27T10:00:00.003Z fw1 conntrackd 99 ID47 [x@1 a=\"b\"] ", "[1700000000.123456]\t    [NEW] ", "",
    ])
    func aLogsPrefixIsPassedOver(prefix: String) throws {
        let line =
            prefix + "tcp      6 431999 ESTABLISHED src=10.9.0.1 dst=10.8.0.1 sport=40000 dport=80 src=10.8.0.1 mark=2"
        var parser = FlowParser()
        guard case .flow(let record) = parser.parse(line) else {
            Issue.record("\(parser.parse(line))")
            return
        }
        #expect(record.flow.transport == .tcp && record.flow.sourcePort == 40_000 && record.mark == 2)
        #expect(record.flow.source == IPAddress("10.9.0.1"))
    }

    @Test func aLineWithoutADestinationIsForTheClusterOrForNobodyWhoNeedsIt() throws {
        let line = "10.9.1.3:40000 - - [27/Nov/2026:10:00:01 +0000] \"GET / HTTP/1.1\" 200 612 \"-\" \"curl\""
        let address = try #require(IPAddress("10.8.0.1"))
        var parser = FlowParser(needs: FlowNeeds(ports: .source, knownDestination: address))
        guard case .flow(let record) = parser.parse(line) else { throw Unexpected() }
        #expect(record.flow.destination == address && record.hasDestination && record.flow.sourcePort == 40_000)
        var free = FlowParser(needs: FlowNeeds(ports: .source))
        guard case .flow(let other) = free.parse(line) else { throw Unexpected() }
        #expect(!other.hasDestination && other.flow.sourcePort == 40_000)
        var needy = FlowParser(needs: FlowNeeds(ports: .source, destination: true))
        guard case .error = needy.parse(line) else { throw Unexpected() }
        var both = FlowParser()
        guard case .error = both.parse(line) else { throw Unexpected() }
    }

    struct Unexpected: Error {}

    @Test(arguments: [
        "Src IP Addr,Src Pt,Dst IP Addr,Dst Pt,Proto", "src_ip;src_port;dst_ip;dst_port;protocol",
        "source.ip\tsource.port\tdestination.ip\tdestination.port\tnetwork.transport", "SADDR,SPORT,DADDR,DPORT,PROTO",
        "id.orig_h,id.orig_p,id.resp_h,id.resp_p,proto", "ip.src,tcp.srcport,ip.dst,tcp.dstport,ip.proto",
    ])
    func theNamesOfManyToolsAreKnown(header: String) throws {
        var parser = FlowParser()
        #expect(parser.parse(header) == .skipped(.heading))
        let separator = header.contains("\t") ? "\t" : header.contains(";") ? ";" : ","
        let row = ["10.9.1.2", "40000", "10.8.0.1", "80", "6"].joined(separator: separator)
        guard case .flow(let record) = parser.parse(row) else { throw Unexpected() }
        #expect(record.flow.sourcePort == 40_000 && record.flow.destinationPort == 80)
    }

    @Test func columnsAreWhatIsSaidOfThem() throws {
        var parser = FlowParser(
            needs: FlowNeeds(), columns: try ColumnNames("source=who,source_port=wp,dst=where,dport=wherep,proto=how"))
        #expect(parser.parse("src,who,wp,where,wherep,how") == .skipped(.heading))
        guard case .flow(let record) = parser.parse("1.1.1.1,10.9.1.2,7,10.8.0.1,80,17") else { throw Unexpected() }
        #expect(record.flow.source == IPAddress("10.9.1.2") && record.flow.transport == .udp)
        #expect(throws: ColumnNamesError.field("colour")) { try ColumnNames("colour=x") }
        #expect(throws: ColumnNamesError.form("source")) { try ColumnNames("source") }
    }
}
