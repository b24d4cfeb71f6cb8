import AgentProtocol
import ClusterModel
import Glibc
import NodeLinks
import Reactor

/// A link to an agent in a lab that tells of every call that changes the node, and lets a test inject a fault there.
final class FaultInjectingLink: AgentLink {
    /// When something is to happen.
    enum Moment: String, CaseIterable {
        /// Before the call is sent.
        case before = "before"
        /// When the kernel has done what was called for and the console does not know it yet.
        case applied = "after the kernel has done"
    }

    /// What a test makes of a frame.
    enum Fate {
        case passes, vanishes
    }

    let node: String
    /// Called at each moment of each call that changes the node.
    var onMoment: ((Moment, AgentCall) -> Fate)?
    private(set) var pids: [pid_t] = []

    private let arguments: [String]
    private let reactor: Reactor
    private var child: ChildProcess?
    private var token: Reactor.Token?
    private var lines = LineBuffer()
    private var calls: [Int: AgentCall] = [:]
    private var handler: ((LinkEvent) -> Void)?
    private var isAbandoned = false

    init(node: String, arguments: [String], reactor: Reactor) {
        self.node = node
        self.arguments = arguments
        self.reactor = reactor
    }

    deinit { close() }

    func open(_ handler: @escaping (LinkEvent) -> Void) {
        close()
        guard !isAbandoned, let child = try? ChildProcess(arguments: arguments, errorOutput: .discarded) else { return }
        self.handler = handler
        self.child = child
        pids.append(child.pid)
        token = try? reactor.watch(child.output) { [weak self] _ in self?.read() }
    }

    func send(_ frame: AgentFrame) {
        guard case .call(let number, let call) = frame else { return }
        if call.changesNode {
            calls[number] = call
            if onMoment?(.before, call) == .vanishes { return }
        }
        guard let child else { return }
        // A line is far shorter than a pipe is long.
        frame.line().withUnsafeBytes { _ = write(child.input, $0.baseAddress, $0.count) }
    }

    func close() {
        if let child, !isAbandoned {
            child.signal(SIGKILL)
            child.reap(waiting: true)
        }
        drop()
    }

    /// Lets go as a console does that is killed: the agent lives on until it has read what is in its pipe.
    func abandon() {
        isAbandoned = true
        drop()
    }

    private func drop() {
        if let token { reactor.cancel(token) }
        (handler, token, child) = (nil, nil, nil)
        lines = LineBuffer()
    }

    private func read() {
        guard let child else { return }
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = Glibc.read(child.output, &buffer, buffer.count)
        if count > 0 { lines.append(buffer[..<count]) }
        while let line = lines.next() {
            guard let frame = try? AgentFrame(line: line) else { continue }
            if case .answer(let number?, _) = frame, let call = calls.removeValue(forKey: number),
                onMoment?(.applied, call) == .vanishes
            {
                continue
            }
            handler?(.frame(frame))
        }
        guard count == 0 else { return }
        let handler = handler
        child.reap(waiting: true)
        drop()
        handler?(.ended(.ended(.init(.unknown, .exited(status: 0)))))
    }
}
