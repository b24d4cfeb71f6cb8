import FlowReading
import Foundation
import LegacyNode
import Responsibility
import TestSupport
import Testing

@Suite("Any bytes give a value or an error")
struct FuzzTests {
    /// Lines from which random ones are made, and those that were once of interest.
    private func corpus() throws -> [[UInt8]] {
        let text = try Samples.data("corpus.txt")
        return text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
    }

    @Test func everyLineOfTheCorpusIsReadWholeAndCut() throws {
        for line in try corpus() {
            for length in 0...line.count { read(Array(line.prefix(length))) }
        }
    }

    @Test func mutatedLinesNeverTrapAndErrorsArePrintable() throws {
        let corpus = try corpus()
        var random = SplitMix(seed: 7)
        for _ in 0..<60_000 {
            var line = corpus.randomElement(using: &random) ?? []
            for _ in 0...Int.random(in: 0..<4, using: &random) { mutate(&line, corpus, &random) }
            read(line)
        }
    }

    @Test func veryLongLinesAreRefusedOrReadAndTheNextLineIsReadAgain() throws {
        let good = Array("tcp 10.0.0.1:1 -> 10.0.0.2:2\n".utf8)
        for line in try corpus() where !line.isEmpty {
            let long = Array(repeatElement(line, count: 1 + 70_000 / line.count).joined())
            read(long)
            var (parser, batch) = (FlowParser(), FlowBatch())
            let text = good + long + good
            let taken = text.withUnsafeBytes { parser.parse(block: $0, isLast: true, into: &batch) }
            #expect(taken == text.count && batch.count >= 1 && batch[0].sourcePort == 1)
        }
    }

    @Test(arguments: [
        "tcp 10.0.0.1:65536 -> 10.0.0.2:80", "tcp 10.0.0.256:1 -> 10.0.0.2:80", "tcp 10.0.0.01:1 -> 10.0.0.2:80",
        "tcp 10.0.0.1:-1 -> 10.0.0.2:80", "256 10.0.0.1:1 -> 10.0.0.2:80",
        "tcp 10.0.0.1\0:1 -> 10.0.0.2:80", "tcp 10.0.0.1:\u{661} -> 10.0.0.2:80", "\0",
        "tcp 6 9 src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 mark=4294967296",
        "12:00:00.1 IP 10.0.0.1.65536 > 10.0.0.2.80: Flags [S]",
        "{\"protocol\":6,\"source\":\"10.0.0.1\",\"source_port\":65536,\"destination\":\"10.0.0.2\",\"destination_port\":1}",
    ])
    func numbersAndAddressesOutOfRangeAreErrorsThatSayWhat(line: String) {
        var parser = FlowParser()
        guard case .error(let error) = parser.parse(line) else {
            Issue.record("\(line) is taken")
            return
        }
        #expect(!error.description.isEmpty)
    }

    @Test func theQuickWayAgreesWithTheOthers() throws {
        let corpus = try corpus()
        var random = SplitMix(seed: 11)
        let padding = Array(repeating: UInt8(ascii: " "), count: 170)
        for round in 0..<60_000 {
            var line = Array(plainLine(&random).utf8)
            if round % 2 == 0 { mutate(&line, corpus, &random) }
            line.removeAll { $0 == UInt8(ascii: "\n") }
            var (parser, batch) = (FlowParser(), FlowBatch())
            let text = line + [UInt8(ascii: "\n")] + padding
            _ = text.withUnsafeBytes { parser.parse(block: $0, isLast: true, into: &batch) }
            let slow = line.withUnsafeBytes { parser.parse($0) }
            if case .flow(let record) = slow, record.flow.source.family == .v4 {
                let flow = record.flow
                let expected =
                    flow.transport.portsOffset == nil
                    ? Flow(transport: flow.transport, source: flow.source, destination: flow.destination) : flow
                #expect(batch.count == 1 && batch[0] == expected, "\(String(decoding: line, as: UTF8.self))")
            } else {
                #expect(batch.count == 0, "\(String(decoding: line, as: UTF8.self))")
            }
        }
    }

    @Test func anyWriteToTheProcFileGivesAStateOrAnErrno() throws {
        var random = SplitMix(seed: 13)
        var node = LegacyNode(kernel: LegacyKernel(LinuxVersion(6, 1)), interfaces: ["vn"])
        let options = LegacyOptions(
            mode: .sourceIP, mac: LinkAddress(number: 0x0100_5e00_0020), totalNodes: .max, localNodes: [1])
        try node.append(LegacyRule(destination: Samples.cluster, interface: "vn", options: options))
        let alphabet = Array("+-0123456789\n x\0".utf8)
        for _ in 0..<50_000 {
            let bytes = (0..<Int.random(in: 0..<13, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? 0
            }
            try? node.write(bytes, to: Samples.cluster)
        }
        #expect(try node.read(Samples.cluster).utf8.count < 100)
    }

    @Test func anyTextOfTheOtherReadersGivesAValueOrNothing() throws {
        let corpus = try corpus()
        var random = SplitMix(seed: 17)
        for _ in 0..<20_000 {
            var line = corpus.randomElement(using: &random) ?? []
            mutate(&line, corpus, &random)
            let text = String(decoding: line, as: UTF8.self)
            if let address = IPv6Address(text) { #expect(IPv6Address(address.description) == address) }
            if let address = IPv4Address(text) { #expect(address.description == text) }
            _ = LinuxVersion(text)
            _ = LinkAddress(text)
            _ = try? NftHash(parsing: text)
            _ = try? LegacyRule(arguments: text.split(separator: " ").map(String.init))
        }
    }

    private func read(_ line: [UInt8]) {
        var parser = FlowParser()
        let content = line.withUnsafeBytes { parser.parse($0) }
        guard case .error(let error) = content else { return }
        if !error.description.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) { Issue.record("\(line)") }
    }

    private func plainLine(_ random: inout SplitMix) -> String {
        func address() -> IPv4Address { IPv4Address(number: UInt32.random(in: 0 ... .max, using: &random)) }
        func port() -> UInt16 { UInt16.random(in: 0 ... .max, using: &random) }
        let name = Bool.random(using: &random) ? "tcp" : "udp"
        return "\(name) \(address()):\(port()) -> \(address()):\(port())"
    }

    private func mutate(_ line: inout [UInt8], _ corpus: [[UInt8]], _ random: inout SplitMix) {
        let index = line.isEmpty ? 0 : Int.random(in: 0..<line.count, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0 where !line.isEmpty: line[index] = UInt8.random(in: 0 ... .max, using: &random)
        case 1 where !line.isEmpty: line.remove(at: index)
        case 2 where !line.isEmpty:
            line[index] = Array(" .:,[]{}\"=>-0123456789*%".utf8).randomElement(using: &random) ?? 0
        case 3: line.insert(UInt8.random(in: 0 ... .max, using: &random), at: index)
        case 4: line.insert(contentsOf: (corpus.randomElement(using: &random) ?? []).prefix(9), at: index)
        default: line.removeSubrange(index..<min(index + 5, line.count))
        }
    }
}
