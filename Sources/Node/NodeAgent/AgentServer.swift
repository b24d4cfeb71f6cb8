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
    private var unreadable = 0
    private var extra: Reactor.Token?
    private var timer: (token: Reactor.Token, interval: Int)?
    private var news: Reactor.Token?
    private var rest: Reactor.Token?

    /// When the last sample was begun, and how long it took, in seconds.
    private var (sampled, cost) = (0.0, 0.0)
    /// A sample that takes longer, in seconds, is announced, since the console waits for it.
    private static let longCost = 0.2
    /// Between the beginnings of two such samples passes their cost, times this.
    private static let costShare = 3.0

    /// How long nothing but calls is looked at after a step, in seconds: its answer and the plan's next step come first.
    private static let restTime = 0.05

    /// After so many lines that are no message it is no console that speaks, and the server ends.
    private static let unreadableLimit = 1000

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

    /// Serves until the input ends or the output is gone; nothing is watched for it any more then.
    public func run() throws(SystemError) {
        signal(SIGPIPE, SIG_IGN)
        let calls = try reactor.watch(input) { [self] _ in readInput() }
        reactor.run()
        for token in [calls, extra, timer?.token, news, rest].compactMap(\.self) { reactor.cancel(token) }
    }

    /// Calls a handler when the descriptor is readable, though not at once after a step; a handler that returns true had
    /// news, for which a sample is sent outside the interval.
    public func watchNews(_ descriptor: Int32, handler: @escaping () -> Bool) throws(SystemError) {
        news = try reactor.watch(descriptor) { [self] _ in if handler() { sampleSoon() } }
    }

    /// Sends a sample outside the interval, once for everything that happens within a few milliseconds; for changes of
    /// the ruleset, whoever made them.
    private func sampleSoon() {
        guard agent.watchInterval != nil, extra == nil else { return }
        extra = reactor.after(rest == nil ? 0.01 : Self.restTime) { [self] in
            extra = nil
            sample()
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
        while unreadable < Self.unreadableLimit, let line = lines.next() {
            if !line.isEmpty { answer(line) }
        }
        if lines.isOverfull { reactor.stop() }
        adjustTimer()
    }

    private func answer(_ line: ArraySlice<UInt8>) {
        do throws(AgentFailure) {
            let frame = try AgentFrame(line: line, isReadOnly: agent.isReadOnly)
            if agent.watchInterval != nil { sayIfLong() }
            let begun = Self.now
            agent.receive(frame).forEach(send)
            agent.answered()
            if case .call(_, .watch) = frame { (sampled, cost) = (begun, Self.now - begun) }
            guard case .call(_, let call) = frame else { return }
            if case .apply = call.plain { beginRest() }
            if case .operations = call.plain { AgentFrame.rehearseStep() }
        } catch {
            send(.answer(nil, .failure(error)))
            unreadable += 1
            if unreadable >= Self.unreadableLimit { reactor.stop() }
        }
    }

    private func adjustTimer() {
        guard agent.watchInterval != timer?.interval else { return }
        if let timer { reactor.cancel(timer.token) }
        timer = agent.watchInterval.map { interval in
            (reactor.after(Double(interval) / 1000, repeating: true) { [self] in sampleOnTime() }, interval)
        }
    }

    private func beginRest() {
        guard rest == nil else { return }
        if let news { reactor.change(news, to: []) }
        rest = reactor.after(Self.restTime) { [self] in
            rest = nil
            if let news { reactor.change(news, to: .readable) }
        }
    }

    /// Samples, unless that would take most of the agent's time: then it says that it is there, and samples less often.
    private func sampleOnTime() {
        let now = Self.now
        guard cost < Self.longCost || now - sampled >= Self.costShare * cost else { return send(.alive) }
        guard rest == nil else { return sampleSoon() }
        sample()
    }

    /// The monotonic clock, in seconds.
    private static var now: Double { Double(Reactor.now) / 1e9 }

    /// Says that the agent is there when what it begins now takes as long as its samples do.
    private func sayIfLong() { if cost >= Self.longCost { send(.alive) } }

    private func sample() {
        sayIfLong()
        sampled = Self.now
        agent.tick().forEach(send)
        cost = Self.now - sampled
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
