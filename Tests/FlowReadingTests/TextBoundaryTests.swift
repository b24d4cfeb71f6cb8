import Glibc
import Responsibility
import Testing

@testable import FlowReading

/// The first and the last value on either side of what the parsers accept, and no byte beyond what they are given.
@Suite struct TextBoundaryTests {
    private func flow(_ line: String) -> Flow? {
        var parser = FlowParser()
        guard case .flow(let record) = parser.parse(line) else { return nil }
        return record.flow
    }

    @Test func numbersOfOneDigitTooMany() {
        #expect(flow("tcp 10.0.0.1:00080 -> 10.8.0.1:80")?.sourcePort == 80)
        #expect(flow("tcp 10.0.0.1:000080 -> 10.8.0.1:80") == nil)
        let entry = "tcp 6 9 src=10.0.0.1 dst=10.8.0.1 sport=1 dport=80 mark="
        #expect(flow(entry + "0x00000001") != nil && flow(entry + "0x000000001") == nil)
    }

    @Test func theShortestAddressIsTwoColons() {
        #expect(flow("tcp [::]:1 -> [2001:db8::1]:80")?.source == .v6(IPv6Address(high: 0, low: 0)))
    }

    @Test func ofZeroRunsOfOneLengthTheFirstIsShortened() {
        #expect(IPv6Address("2001:db8:0:0:1:0:0:1")?.description == "2001:db8::1:0:0:1")
    }

    @Test func theLongestLine() {
        var parser = FlowParser()
        let longest = "#" + String(repeating: "x", count: FlowParser.maximumLineLength - 1)
        #expect(parser.parse(longest) == .skipped(.comment))
        guard case .error(let error) = parser.parse(longest + "x") else {
            Issue.record("a line of 65,537 bytes was read")
            return
        }
        #expect(error.problem == .tooLong)
    }

    /// How many bytes are taken of a block that is not the last, and how many lines are counted.
    private func taken(of text: String) -> (bytes: Int, lines: Int) {
        var (parser, batch, text) = (FlowParser(), FlowBatch(), text)
        let bytes = text.withUTF8 { parser.parse(block: UnsafeRawBufferPointer($0), isLast: false, into: &batch) }
        return (bytes, batch.lineCount)
    }

    @Test func aLineThatMayStillEndIsLeftForTheNextBlock() {
        let longest = "#" + String(repeating: "x", count: FlowParser.maximumLineLength - 1)
        #expect(taken(of: longest) == (0, 0))
        #expect(taken(of: longest + "x") == (FlowParser.maximumLineLength + 1, 1))
        #expect(taken(of: longest + "\ntcp 10.0.0.1:1 -> 10.8") == (FlowParser.maximumLineLength + 1, 1))
    }

    /// Lines that end right before memory that must not be touched.
    @Test func nothingIsReadBeyondABlock() throws {
        let page = sysconf(Int32(_SC_PAGESIZE))
        let memory = try #require(mmap(nil, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
        defer { munmap(memory, 2 * page) }
        try #require(mprotect(memory + page, page, PROT_NONE) == 0)
        let line = "tcp 10.0.0.1:1 -> 10.8.0.1:80\n"
        let ends = [
            String(repeating: "1", count: 200), "tcp " + String(repeating: "1", count: 200), "tcp 1.1.1.1:",
            "tcp 1.1.1.1:" + String(repeating: "2", count: 90), "tcp 255.255.255.255:65535 -> 255.255.255.255:65535\n",
            "tcp 1.1.1" + String(repeating: "3", count: 41) + ".1:1 -> 1.1.1.1:1\n", "",
        ]
        for vectors in FastLines.hasVectors ? [true, false] : [false] {
            for end in ends {
                for length in 0...min(end.utf8.count, 170) {
                    let text = Array((line + line + String(end.prefix(length))).utf8)
                    let block = UnsafeMutableRawBufferPointer(start: memory + page - text.count, count: text.count)
                    block.copyBytes(from: text)
                    var batch = FlowBatch()
                    _ = batch.appendFastLines(of: UnsafeRawBufferPointer(block), from: 0, vectors: vectors)
                    #expect(batch.count <= 3)
                }
            }
        }
    }
}
