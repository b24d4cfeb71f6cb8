import AgentProtocol
import ClusterModel
import Responsibility
import Testing

/// Long lines, whose counters are read by themselves, come to what a general reader makes of them.
@Suite struct CounterRunsTests {
    private static func line(_ counters: String, clusters: Int = 1, filler: Int = 20_000) -> [UInt8] {
        let cluster = #"{"address":"10.8.0.1","counters":[\#(counters)]}"#
        let all = Array(repeating: cluster, count: clusters).joined(separator: ",")
        return Array(
            #"{"method":"sample","params":{"time":1,"generation":1,"whole":true,"other":"\#(String(repeating: "\\\"", count: filler))","clusters":[\#(all)]}}"#
                .utf8)
    }

    private static func counters(_ text: String, clusters: Int = 1) throws -> [[UInt64?]] {
        guard case .sample(let sample) = try AgentFrame(line: line(text, clusters: clusters)) else {
            throw AgentFailure(message: "no sample")
        }
        return sample.clusters.map(\.counters)
    }

    @Test(arguments: ["", "0", "1,2,null,18446744073709551615", "null"])
    func `each run is in its place`(text: String) throws {
        let expected = text.isEmpty ? [] : text.split(separator: ",").map { UInt64($0) }
        let found = try Self.counters(text, clusters: 3)
        #expect(found == [expected, expected, expected])
    }

    @Test(arguments: [
        "01", "-1", "1.5", "18446744073709551616", "1,", ",1", "1 ,2", "nul", "\"1\"", "[1]", "1e3", "{}",
    ])
    func `what is no run is left to the general reader, or refused`(text: String) {
        let short = try? Self.short(text)
        let long = try? Self.counters(text).first
        #expect(long == nil || long == short)
    }

    private static func short(_ text: String) throws -> [UInt64?]? {
        guard case .sample(let sample) = try AgentFrame(line: line(text, filler: 0)) else { return nil }
        return sample.clusters.first?.counters
    }

    @Test func `a line may have much beside its counters only when it was asked for`() throws {
        let line = Self.line("1,2,3")
        #expect(throws: AgentFailure.self) { try AgentFrame(line: line, limit: 10_000) }
        #expect(throws: Never.self) { try AgentFrame(line: line, limit: 100_000) }
        let counters = Array(repeating: "18446744073709551615", count: 100_000).joined(separator: ",")
        #expect(throws: Never.self) { try AgentFrame(line: Self.line(counters), limit: 100_000) }
    }
}
