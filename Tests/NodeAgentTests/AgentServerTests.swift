import AgentProtocol
import ClusterModel
import Glibc
import NodeAgent
import NodeDriver
import Reactor
import Testing

@Suite("An agent over two descriptors")
struct AgentServerTests {
    /// An agent that counts what it is asked, and answers nothing but "done".
    private final class Counting: AgentEndpoint {
        var calls: [AgentCall] = []
        var ticks = 0
        var watchInterval: Int?

        func receive(_ frame: AgentFrame) -> [AgentFrame] {
            switch frame {
            case .call(let number, let call):
                calls.append(call)
                return [.answer(number, .success(.done))]
            case .unusableCall(let number, let failure): return [.answer(number, .failure(failure))]
            case .answer, .sample, .alive: return []
            }
        }

        func tick() -> [AgentFrame] {
            ticks += 1
            return []
        }
    }

    /// Serves lines until their end; what came out, line by line.
    private func serve(
        _ input: String, _ agent: Counting = Counting(), isStrict: Bool = false
    ) throws -> (lines: [Substring], server: AgentServer) {
        var (asked, answered): ([Int32], [Int32]) = ([0, 0], [0, 0])
        try #require(pipe(&asked) == 0 && pipe(&answered) == 0)
        defer { for descriptor in [asked[0], answered[0], answered[1]] { close(descriptor) } }
        let bytes = Array(input.utf8)
        try #require(write(asked[1], bytes, bytes.count) == bytes.count)
        close(asked[1])
        let server = AgentServer(
            agent: agent, reactor: try Reactor(), isStrict: isStrict, input: asked[0], output: answered[1])
        try server.run()
        var answer = [UInt8](repeating: 0, count: 1 << 16)
        _ = fcntl(answered[0], F_SETFL, O_NONBLOCK)
        let count = read(answered[0], &answer, answer.count)
        return (String(decoding: answer.prefix(max(count, 0)), as: UTF8.self).split(separator: "\n"), server)
    }

    @Test("answers each line in order, and ends with its input")
    func order() throws {
        let agent = Counting()
        let lines = try serve(
            #"{"jsonrpc":"2.0","id":1,"method":"hello"}"# + "\n\n" + #"{"jsonrpc":"2.0","id":2,"method":"snapshot"}"#
                + "\n", agent
        ).lines
        #expect(agent.calls == [.hello, .snapshot])
        #expect(lines.count == 2 && lines[0].contains(#""id":1"#) && lines[1].contains(#""id":2"#), "\(lines)")
    }

    @Test(
        "what is no call is answered with an error, and the next line is read",
        arguments: [
            "not JSON", #"{"jsonrpc":"2.0","id":1,"method":"nothing"}"#, "[]", "\u{0}",
        ])
    func nonsense(_ line: String) throws {
        let agent = Counting()
        let (lines, server) = try serve(line + "\n" + #"{"jsonrpc":"2.0","id":9,"method":"hello"}"# + "\n", agent)
        #expect(agent.calls == [.hello])
        #expect(lines.count == 2 && lines[0].contains(#""error""#) && lines[1].contains(#""id":9"#), "\(lines)")
        #expect(server.failure == nil)
    }

    @Test("a strict one ends after the first failure")
    func strict() throws {
        let agent = Counting()
        let server = try serve(
            "not JSON\n" + #"{"jsonrpc":"2.0","id":9,"method":"hello"}"# + "\n", agent, isStrict: true
        )
        .server
        #expect(server.failure?.number == -32700)
    }

    @Test("a line without end is not kept for ever")
    func endless() throws {
        let agent = Counting()
        var sockets: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &sockets) == 0)
        defer { sockets.forEach { close($0) } }
        let reactor = try Reactor()
        let server = AgentServer(agent: agent, reactor: reactor, input: sockets[0], output: sockets[0])
        let bytes = [UInt8](repeating: 120, count: 1 << 16)
        _ = fcntl(sockets[1], F_SETFL, O_NONBLOCK)
        var sent = 0
        reactor.after(0.001, repeating: true) {
            sent += max(bytes.withUnsafeBytes { write(sockets[1], $0.baseAddress, $0.count) }, 0)
            if sent > 8 << 20 { reactor.stop() }
        }
        try server.run()
        #expect(sent <= 4 << 20, "the server ended only after \(sent) bytes")
    }
}
