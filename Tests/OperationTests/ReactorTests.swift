import Glibc
import Reactor
import Testing

@Suite struct ReactorTests {
    @Test func `timers fire in order and repeat until cancelled`() throws {
        let reactor = try Reactor()
        var fired: [String] = []
        reactor.after(0.03) { fired.append("late") }
        reactor.after(0.001) { fired.append("early") }
        var beats: Reactor.Token?
        beats = reactor.after(0.005, repeating: true) {
            fired.append("beat")
            if fired.count(where: { $0 == "beat" }) == 2, let beats { reactor.cancel(beats) }
        }
        reactor.run()
        #expect(fired == ["early", "beat", "beat", "late"])
    }

    @Test func `a child's output arrives, then its end`() throws {
        let reactor = try Reactor()
        let child = try ChildProcess(arguments: ["sh", "-c", "read line; echo \"got $line\"; exit 7"])
        var (lines, output) = (LineBuffer(), [String]())
        try reactor.watch(child.output) { _ in
            var buffer = [UInt8](repeating: 0, count: 100)
            let count = read(child.output, &buffer, buffer.count)
            guard count > 0 else { return reactor.stop() }
            lines.append(buffer[..<count])
            while let line = lines.next() { output.append(String(decoding: line, as: UTF8.self)) }
        }
        _ = "hello\n".withCString { write(child.input, $0, 6) }
        reactor.run()
        child.reap(waiting: true)
        #expect(output == ["got hello"] && child.ending == "exit status 7")
    }

    @Test func `a program that does not exist is an error that names it`() {
        #expect(throws: SystemError("start clusterip-no-such-program", code: ENOENT)) {
            try ChildProcess(arguments: ["clusterip-no-such-program"])
        }
    }

    @Test func `lines come out whole however the bytes come in`() {
        var lines = LineBuffer(limit: 10)
        var found: [String] = []
        for byte in "ab\n\ncde\nf".utf8 {
            lines.append([byte])
            while let line = lines.next() { found.append(String(decoding: line, as: UTF8.self)) }
        }
        #expect(found == ["ab", "", "cde"])
        lines.append(Array(repeating: 65, count: 20))
        #expect(lines.next() == nil && lines.isOverfull)
    }
}
