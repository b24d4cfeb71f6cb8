import AgentProtocol
import Glibc
import Reactor

/// Serves an agent over two file descriptors, one JSON-RPC message a line, until the reading end is at its end.
public final class AgentServer {
    private let reactor: Reactor
    private let agent: any AgentEndpoint
    private let input: Int32
    private let output: Int32
    private var lines = LineBuffer(limit: 1 << 20)
    private let isStrict: Bool
    private var extra: Reactor.Token?
    private var timer: (token: Reactor.Token, interval: Int)?

    /// The first failure, after which a strict server ended.
    public private(set) var failure: AgentFailure?

    /// A server for an agent on these descriptors, usually 0 and 1; a strict one ends after the first failure.
    public init(
        agent: any AgentEndpoint, reactor: Reactor, isStrict: Bool = false, input: Int32 = 0, output: Int32 = 1
    ) {
        self.isStrict = isStrict
        self.agent = agent
        self.reactor = reactor
        self.input = input
        self.output = output
    }

    /// Serves until the input ends or the output is gone.
    public func run() throws(SystemError) {
        signal(SIGPIPE, SIG_IGN)
        try reactor.watch(input) { [self] _ in readInput() }
        reactor.run()
    }

    /// Sends a sample outside the interval, once for everything that happens within a few milliseconds; for changes of
    /// the ruleset, whoever made them.
    public func sampleSoon() {
        guard agent.watchInterval != nil, extra == nil else { return }
        extra = reactor.after(0.01) { [self] in
            extra = nil
            agent.tick().forEach(send)
        }
    }

    private func readInput() {
        let count = withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 1) { buffer in
            let count = read(input, buffer.baseAddress, buffer.count)
            if count > 0 { lines.append(buffer[..<count]) }
            return count
        }
        if count < 0, errno == EINTR || errno == EAGAIN { return }
        guard count > 0 else { return reactor.stop() }
        while let line = lines.next() {
            if !line.isEmpty { answer(line) }
        }
        if lines.isOverfull { reactor.stop() }
        adjustTimer()
    }

    private func answer(_ line: ArraySlice<UInt8>) {
        do throws(AgentFailure) {
            agent.receive(try AgentFrame(line: line)).forEach(send)
        } catch {
            send(.answer(nil, .failure(error)))
        }
    }

    private func adjustTimer() {
        guard agent.watchInterval != timer?.interval else { return }
        if let timer { reactor.cancel(timer.token) }
        timer = agent.watchInterval.map { interval in
            (reactor.after(Double(interval) / 1000, repeating: true) { [self] in agent.tick().forEach(send) }, interval)
        }
    }

    /// Writes a whole frame.
    ///
    /// The descriptor blocks: a console that does not read stops the agent, not its memory.
    private func send(_ frame: AgentFrame) {
        if isStrict, case .answer(_, .failure(let failure)) = frame, self.failure == nil {
            self.failure = failure
            reactor.stop()
        }
        var rest = frame.line()[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(output, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return reactor.stop() }
            rest = rest.dropFirst(count)
        }
    }
}
