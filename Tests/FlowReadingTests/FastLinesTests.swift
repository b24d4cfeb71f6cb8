import Responsibility
import TestSupport
import Testing

@testable import FlowReading

/// The quick ways, by vectors and by words, must take only lines that the other parsers read, and read the same.
@Suite("Flow lines read the quick way")
struct FastLinesTests {
    /// What a quick way makes of a line that others follow; nil when it leaves the line to the parsers.
    private func read(_ line: [UInt8], followedBy rest: [UInt8], vectors: Bool) -> Flow? {
        var batch = FlowBatch()
        let text = line + [UInt8(ascii: "\n")] + rest
        let end = text.withUnsafeBytes { batch.appendFastLines(of: $0, from: 0, vectors: vectors) }
        guard batch.count > 0 else {
            #expect(end == 0)
            return nil
        }
        #expect(batch.lines.first == 1 && batch.lineCount == batch.count)
        return batch[0]
    }

    private static let ways = FastLines.hasVectors ? [true, false] : [false]

    /// Numbers of any length, separators and names that are nearly right.
    private func nearlyLine(_ random: inout SplitMix) -> String {
        func number(_ limit: Int) -> String {
            switch Int.random(in: 0..<60, using: &random) {
            case 0: ""
            case 1: "0" + String(Int.random(in: 0...limit, using: &random))
            case 2: String(limit + Int.random(in: 0...2, using: &random))
            case 3: String(repeating: "1", count: Int.random(in: 1...20, using: &random))
            default: String(Int.random(in: 0...limit, using: &random))
            }
        }
        func separator(_ right: String) -> String {
            Int.random(in: 0..<90, using: &random) > 0
                ? right : [".", ":", " ", "", "/", "..", "x", "\n", "->", " - "].randomElement(using: &random) ?? ""
        }
        func end() -> String {
            (0..<3).map { _ in number(255) + separator(".") }.joined() + number(255) + separator(":") + number(65535)
        }
        let name = ["tcp ", "udp ", "udp ", "tcp ", "tdp ", "ucp ", "TCP ", "tcp"].randomElement(using: &random) ?? ""
        return name + end() + separator(" -> ") + end() + (Int.random(in: 0..<20, using: &random) == 0 ? "\r" : "")
    }

    @Test func theyAgreeWithTheSlowWay() {
        var random = SplitMix(seed: 23)
        let padding = [UInt8](repeating: UInt8(ascii: " "), count: 170)
        var (taken, left) = (0, 0)
        for _ in 0..<6000 {
            let line = Array(nearlyLine(&random).prefix { $0 != "\n" }.utf8)
            var parser = FlowParser()
            var slow: Flow?
            if case .flow(let record) = line.withUnsafeBytes({ parser.parse($0) }) { slow = record.flow }
            let rest = Array((nearlyLine(&random) + "\n").utf8) + padding
            let isRight = slow.map { Array(Self.line($0).utf8) == line } ?? false
            (taken, left) = isRight ? (taken + 1, left) : (taken, left + 1)
            for vectors in Self.ways {
                let quick = read(line, followedBy: rest, vectors: vectors)
                let agrees = quick == slow || (quick == nil && !isRight)
                #expect(agrees, "\(String(decoding: line, as: UTF8.self))")
            }
        }
        // The lines are the same in each run: enough of both kinds are among them.
        #expect(taken > 500 && left > 500)
    }

    /// A flow as the quick ways must take it.
    private static func line(_ flow: Flow) -> String {
        "\(flow.transport) \(flow.source):\(flow.sourcePort) -> \(flow.destination):\(flow.destinationPort)"
    }

    @Test func everyRightLineIsTaken() {
        var random = SplitMix(seed: 29)
        let padding = [UInt8](repeating: UInt8(ascii: "7"), count: 170)
        for _ in 0..<3000 {
            let flow = Flow(
                transport: Bool.random(using: &random) ? .tcp : .udp, source: address(&random),
                sourcePort: port(&random), destination: address(&random), destinationPort: port(&random))
            let line = Array(Self.line(flow).utf8)
            for vectors in Self.ways { #expect(read(line, followedBy: padding, vectors: vectors) == flow) }
        }
    }

    /// Numbers of one, two and three digits alike often.
    private func address(_ random: inout SplitMix) -> IPv4Address {
        let octets = (0..<4).map { _ in
            UInt8.random(in: 0...([9, 99, 255].randomElement(using: &random) ?? 255), using: &random)
        }
        return IPv4Address(octets[0], octets[1], octets[2], octets[3])
    }

    private func port(_ random: inout SplitMix) -> UInt16 {
        UInt16.random(in: 0...([9, 99, 999, 9999, 65535].randomElement(using: &random) ?? 9), using: &random)
    }

    @Test func manyLinesOfAllFormsComeOutInTheirOrder() {
        var random = SplitMix(seed: 31)
        var (parser, batch) = (FlowParser(), FlowBatch())
        var expected: [(Int, UInt32)] = []
        var text = ""
        for number in 1...2000 {
            let source = address(&random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: text += "  tcp \(source):1 -> 10.8.0.1:2\n"
            case 1:
                text += "\n"
                continue
            case 2:
                text += "nonsense\n"
                continue
            default: text += "udp \(source):9 -> 10.8.0.1:53\n"
            }
            expected.append((number, source.number))
        }
        text.withUTF8 { _ = parser.parse(block: UnsafeRawBufferPointer($0), isLast: true, into: &batch) }
        #expect(batch.lineCount == 2000 && Array(batch.lines) == expected.map(\.0))
        #expect(Array(batch.sources) == expected.map(\.1))
        #expect(batch.lines.firstIndex(from: 0, above: 1999) >= batch.count - 1)
        for line in [0, 1, 777, 1500, 2000] {
            let index = batch.lines.firstIndex(from: 3, above: line)
            #expect(index == max(3, expected.firstIndex { $0.0 > line } ?? expected.count))
        }
    }

    @Test func aLineTooLongIsOneBadLineHoweverManyBlocksItFills() {
        var (parser, batch, rest) = (FlowParser(), FlowBatch(), [UInt8]())
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        let text = Array("tcp 1.2.3.4:5 -> 6.7.8.9:10\n".utf8) + long + Array("\nudp 1.2.3.4:5 -> 6.7.8.9:10\n".utf8)
        for start in stride(from: 0, to: text.count, by: 100_000) {
            rest += text[start..<min(start + 100_000, text.count)]
            let isLast = start + 100_000 >= text.count
            let read = rest.withUnsafeBytes { parser.parse(block: $0, isLast: isLast, into: &batch) }
            rest.removeFirst(read)
        }
        #expect(batch.lineCount == 3 && Array(batch.lines) == [1, 3] && batch.others.map(\.line) == [2])
    }

    @Test func flowsToOtherAddressesAreRemoved() throws {
        var (parser, batch) = (FlowParser(), FlowBatch())
        var text = """
            tcp 10.0.0.1:1 -> 10.8.0.1:80
            tcp 10.0.0.2:1 -> 10.8.0.2:80
            tcp 6 9 src=10.0.0.3 dst=10.8.0.2 sport=1 dport=80 mark=3
            tcp 6 9 src=10.0.0.4 dst=10.8.0.1 sport=1 dport=80 mark=4
            tcp [2001:db8::1]:1 -> [2001:db8::2]:80
            nonsense
            udp 10.0.0.5:1 -> 10.8.0.1:80

            """
        text.withUTF8 { _ = parser.parse(block: UnsafeRawBufferPointer($0), isLast: true, into: &batch) }
        #expect(batch.removeFlows(notTo: .v4(Samples.cluster)) == 3)
        #expect(Array(batch.lines) == [1, 4, 7] && batch.others.map(\.line) == [6] && batch.lineCount == 7)
        #expect(batch.details.mapValues(\.mark) == [1: 4])
        #expect(batch[1].source == .v4(IPv4Address(10, 0, 0, 4)) && batch[2].transport == .udp)
        #expect(batch.removeFlows(notTo: .v4(Samples.cluster)) == 0)
    }

    @Test(arguments: [
        (HashedPorts.both, [false, false, false, true]), (.source, [false, true, false, true]),
        (HashedPorts(), [true, true, true, true]),
    ])
    func portsMustBeThereWhereTheyAreHashed(ports: HashedPorts, expected: [Bool]) {
        let rows = [",10.0.0.1,", "5,10.0.0.1,", ",10.0.0.1,80", "5,10.0.0.1,80"]
        var parser = FlowParser(needing: ports)
        _ = parser.parse("protocol,source,source_port,destination,destination_port")
        let read = rows.map { row in
            guard case .flow = parser.parse("tcp,10.0.0.2,\(row)") else { return false }
            return true
        }
        #expect(read == expected)
        guard case .flow = parser.parse("icmp,10.0.0.2,,10.0.0.1,") else {
            Issue.record("a protocol without ports needs none")
            return
        }
    }

    @Test func aRowsOwnHashModeDecidesWhichPortsItNeeds() {
        var parser = FlowParser(needing: [])
        guard
            case .error = parser.parse(
                #"{"protocol":"tcp","source":"10.0.0.1","destination":"10.0.0.2","hash_mode":"sourceip-sourceport"}"#)
        else {
            Issue.record("the source port is hashed")
            return
        }
    }
}

/// The quick ways through tables and entries of connection tracking give what the others give.
@Suite("Rows and entries, quickly and slowly") struct FastRowsTests {
    private static func flows(_ text: String, keepsMarks: Bool) -> (flows: [Flow], errors: [Int], rows: [RowPlace]) {
        var (parser, batch) = (FlowParser(), FlowBatch(keepsRows: true, keepsMarks: keepsMarks))
        let bytes = Array(text.utf8)
        let taken = bytes.withUnsafeBytes { parser.parse(block: $0, isLast: true, into: &batch) }
        #expect(taken == bytes.count)
        let errors = batch.others.compactMap { line, content in if case .error = content { line } else { nil } }
        return ((0..<batch.count).map { batch[$0] }, errors, batch.rows)
    }

    /// One by one, where no quick way is.
    private static func slowly(_ text: String) -> (flows: [Flow], errors: [Int]) {
        var parser = FlowParser()
        var (flows, errors): ([Flow], [Int]) = ([], [])
        for (index, line) in text.utf8.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
            switch parser.parse(String(decoding: line, as: UTF8.self)) {
            case .flow(let record) where record.flow.source.family == .v4: flows.append(record.flow)
            case .error: errors.append(index + 1)
            default: break
            }
        }
        return (flows, errors)
    }

    @Test(arguments: [",", ";", "\t"], 0..<40) func mutatedTablesAreReadAlike(separator: String, seed: UInt64) {
        var random = SplitMix(seed: seed)
        let names = ["note", "protocol", "source", "source_port", "destination", "destination_port", "x"]
            .shuffled(using: &random)
        var text = names.joined(separator: separator) + "\n"
        for _ in 0..<60 {
            let values = [
                "note": ["a", "", "\"q\"", "1 2", "é", "-"],
                "protocol": ["tcp", "udp", "TCP", "6", "17", "icmp", "132", "66", "tcpx", ""],
                "source": [
                    "10.9.1.2", "1.2.3.4", "255.255.255.255", "01.2.3.4", "10.9.1.256", "::1", " 10.9.1.2", "10.9.1",
                ],
                "source_port": ["1", "65535", "65536", "000080", "00080", "", "x", "40000 "],
                "destination": ["10.8.0.1", "10.8.0.1\r", "10.8.0.1.1", "10.8.0.1"],
                "destination_port": ["80", "443", "80\r", "-1"], "x": ["", "9", "a=b", "\r"],
            ]
            let cells = names.map { name in
                let all = values[name] ?? [""]
                return Int.random(in: 0..<4, using: &random) > 0 ? all[0] : all.randomElement(using: &random) ?? ""
            }
            text += cells.joined(separator: separator) + "\n"
        }
        let (quick, slow) = (Self.flows(text, keepsMarks: true), Self.slowly(text))
        // Columns hold 0 for ports of protocols without them, and so do rows.
        let first = zip(quick.flows, slow.flows).first { $0 != $1 }
        #expect(quick.flows == slow.flows, "\(quick.flows.count) \(slow.flows.count) \(String(describing: first))")
        #expect(quick.errors == slow.errors)
        let bytes = Array(text.utf8)
        for (row, flow) in zip(quick.rows, quick.flows) {
            let line = String(decoding: bytes[row.start..<row.end], as: UTF8.self)
            #expect(line.contains("\(flow.destination)"), "\(line)")
        }
        #expect(quick.rows.count == quick.flows.count)
    }

    @Test(arguments: 0..<40) func mutatedEntriesAreReadAlike(seed: UInt64) {
        var random = SplitMix(seed: seed)
        var text = ""
        for number in 0..<80 {
            var line = Array(
                "tcp      6 431999 ESTABLISHED src=10.9.1.\(number) dst=10.8.0.1 sport=\(40_000 + number) dport=80 src=10.8.0.1 dst=10.9.1.\(number) sport=80 dport=4\(number) [ASSURED] mark=0 use=1"
                    .utf8)
            if number % 3 == 0 {
                line = Array(
                    "udp      17 28 src=10.9.0.1 dst=10.8.0.1 sport=53 dport=5\(number) [UNREPLIED] src=10.8.0.1 dst=10.9.0.1 sport=5 dport=53 mark=0 use=2"
                        .utf8)
            }
            if Int.random(in: 0..<3, using: &random) == 0 {
                let place = Int.random(in: 0..<line.count, using: &random)
                line[place] = Array(" 0123456789.=stcpudABC[]".utf8).randomElement(using: &random) ?? 0
            }
            text += String(decoding: line, as: UTF8.self) + "\n"
        }
        let (quick, slow) = (Self.flows(text, keepsMarks: false), Self.slowly(text))
        #expect(quick.flows == slow.flows && quick.errors == slow.errors)
    }
}
