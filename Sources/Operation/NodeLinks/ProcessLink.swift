import AgentProtocol
import ClusterModel
import Glibc
import Reactor

/// A link to an agent that runs as a child process, here or behind a program such as nsenter.
public final class ProcessLink: AgentLink {
    private let reactor: Reactor
    private let arguments: [String]
    private let endsWithProgram: Bool
    private var child: ChildProcess?
    private var tokens: [Reactor.Token] = []
    private var inputToken: Reactor.Token?
    private var errorsToken: Reactor.Token?
    private var lines = LineBuffer()
    private var backlog: [UInt8] = []
    private var errorText: [UInt8] = []
    private var handler: ((LinkEvent) -> Void)?
    private let budget: LinkBudget
    /// The time that this link has taken beyond its share, in seconds, when that was last worked out.
    private var owed = (seconds: 0.0, at: 0.0)
    /// Until when, in seconds, an answer may be long.
    private var longUntil = 0.0

    /// So long, in seconds, after a call for marks or connections its answer is waited for.
    private static let longAnswerTime = 10.0
    /// The most bytes that may wait to be sent; an agent that does not read for so long is hung.
    private static let backlogLimit = 4 << 20
    /// So long, in seconds, an agent that has closed its output is given to end, so that its status is known.
    private static let endTime = 0.05

    /// A link that will run this command, which is killed with this program if it would not end with its input.
    ///
    /// - Parameter budget: what it shares with the other links of this program.
    public init(
        arguments: [String], reactor: Reactor, endsWithProgram: Bool = false, budget: LinkBudget = LinkBudget(links: 1)
    ) {
        self.budget = budget
        self.arguments = arguments
        self.endsWithProgram = endsWithProgram
        self.reactor = reactor
    }

    deinit { close() }

    /// Starts the command.
    public func open(_ handler: @escaping (LinkEvent) -> Void) {
        close()
        self.handler = handler
        do throws(SystemError) {
            let child = try ChildProcess(arguments: arguments, endsWithProgram: endsWithProgram)
            self.child = child
            tokens.append(try reactor.watch(child.output) { [weak self] _ in self?.readOutput() })
            errorsToken = try reactor.watch(child.errors) { [weak self] _ in self?.readErrors() }
        } catch {
            end(.ended(.notStarted, words: error.description))
        }
    }

    /// Sends a frame, or keeps it until the agent reads.
    public func send(_ frame: AgentFrame) {
        guard child != nil else { return }
        if case .call(_, let call) = frame, call.hasLongAnswer { longUntil = reactor.seconds + Self.longAnswerTime }
        backlog += frame.line()
        if backlog.count > Self.backlogLimit { return end(.notReading) }
        flush()
    }

    /// Kills the child and forgets the handler.
    public func close() {
        handler = nil
        for token in tokens + [inputToken, errorsToken].compactMap(\.self) { reactor.cancel(token) }
        tokens = []
        (inputToken, errorsToken) = (nil, nil)
        child?.end(reactor)
        child = nil
        lines = LineBuffer()
        budget.release(self)
        backlog = []
        errorText = []
    }

    private func flush() {
        guard let child else { return }
        while !backlog.isEmpty {
            let count = backlog.withUnsafeBytes { write(child.input, $0.baseAddress, $0.count) }
            if count > 0 {
                backlog.removeFirst(count)
            } else if errno == EAGAIN {
                return waitForRoom(child)
            } else if errno != EINTR {
                return  // The reading side tells why.
            }
        }
        if let inputToken { reactor.cancel(inputToken) }
        inputToken = nil
    }

    private func waitForRoom(_ child: ChildProcess) {
        guard inputToken == nil else { return }
        inputToken = try? reactor.watch(child.input, for: .writable) { [weak self] _ in self?.flush() }
    }

    private func readOutput() {
        guard let child else { return }
        let count = Self.read(child.output) { lines.append($0) }
        takeLines()
        guard self.child === child else { return }
        if lines.isOverfull { return end(.endlessLine) }
        budget.hold(lines.unfinished, self) { [weak self] in self?.end(.endlessLine) }
        if count == 0, self.child === child { endWithChild(child) }
    }

    /// Takes whole lines until there are no more, or the link has taken more time than it may in one go: then it rests.
    ///
    /// What this program does with an answer that it has asked for is its own work, and not charged to the link.
    private func takeLines() {
        let began = reactor.seconds
        owed = (budget.owed(owed.seconds, after: began - owed.at), began)
        let isAwaited = began < longUntil
        let burst = isAwaited ? LinkBudget.longBurst : budget.burst
        var own = 0.0
        while handler != nil, reactor.seconds - began - own + owed.seconds < burst, let line = lines.next() {
            own += take(line, limit: isAwaited ? AgentLimits.longLine : AgentLimits.line)
        }
        let now = reactor.seconds
        owed = (owed.seconds + now - began - own, now)
        if handler != nil, owed.seconds >= burst { rest() }
    }

    /// Hands a line over; returns how long, in seconds, an answer was worked on behind its reading.
    private func take(_ line: ArraySlice<UInt8>, limit: Int) -> Double {
        do throws(AgentFailure) {
            let frame = try AgentFrame(line: line, limit: limit)
            guard case .answer = frame else {
                handler?(.frame(frame))
                return 0
            }
            let began = reactor.seconds
            handler?(.frame(frame))
            return reactor.seconds - began
        } catch {
            handler?(.garbage(error))
            return 0
        }
    }

    /// Reads nothing for a while; the agent waits when its pipe is full.
    private func rest() {
        guard let child, let reading = tokens.first else { return }
        reactor.cancel(reading)
        tokens[0] = reactor.after(budget.wait(owed.seconds)) { [weak self] in self?.goOn(child) }
    }

    private func goOn(_ child: ChildProcess) {
        guard self.child === child else { return }
        do throws(SystemError) {
            tokens[0] = try reactor.watch(child.output) { [weak self] _ in self?.readOutput() }
            takeLines()
        } catch { end(.ended(.init(.unknown, .outputClosed, words: error.description))) }
    }

    private func readErrors() {
        guard let child else { return }
        let count = Self.read(child.errors) { errorText = Array((errorText + $0).suffix(2000)) }
        guard count == 0, let errorsToken else { return }
        reactor.cancel(errorsToken)
        self.errorsToken = nil
    }

    /// Its output has ended: says how it ended as soon as that is known, and soon in any case.
    private func endWithChild(_ child: ChildProcess) {
        guard child.reap() == nil else { return tellEnd(of: child) }
        for token in tokens { reactor.cancel(token) }
        tokens = [reactor.after(Self.endTime) { [weak self] in self?.tellEnd(of: child) }]
        if let token = try? reactor.watch(child.exitDescriptor, handler: { [weak self] _ in self?.tellEnd(of: child) })
        {
            tokens.append(token)
        }
    }

    private func tellEnd(of child: ChildProcess) {
        _ = Self.read(child.errors) { errorText = Array((errorText + $0).suffix(2000)) }
        _ = child.reap()
        let last = errorText.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }.last
            .map { String(decoding: $0, as: UTF8.self) }
        end(.ended(child.waitStatus.map(LinkFailure.End.init(waitStatus:)) ?? .outputClosed, words: last))
    }

    private func end(_ failure: LinkFailure) {
        let handler = handler
        close()
        handler?(.ended(failure))
    }

    /// Reads once; returns 0 at the end, a negative number when there is nothing yet.
    private static func read(_ descriptor: Int32, into use: (UnsafeMutableRawBufferPointer.SubSequence) -> Void) -> Int
    {
        withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 1) { buffer in
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count > 0 { use(buffer[..<count]) }
            return count < 0 && errno != EAGAIN && errno != EINTR ? 0 : count
        }
    }
}

extension LinkFailure.End {
    /// The end that a status of `waitpid` tells of.
    fileprivate init(waitStatus status: Int32) {
        let signal = Int(status & 0x7f)
        self = signal == 0 ? .exited(status: Int(status >> 8 & 0xff)) : .killed(signal: signal)
    }
}
