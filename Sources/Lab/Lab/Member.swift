import Glibc
import Reactor
import Responsibility

/// A node or the client, as its supervisor sees it.
final class Member {
    let name: String
    let number: Int
    /// The process as numbered from outside the lab, once it has said so.
    var outerPid: pid_t = 0
    /// Whether it has done what was last asked of it.
    var isDone = false
    /// A node's counters.
    var service = ServiceStatistics()
    var onEvent: (MemberEvent) -> Void = { _ in }
    var onEnd: () -> Void = {}
    private(set) var isAlive = true

    private let process: ChildProcess
    private var lines = LineBuffer(limit: 1 << 20)

    /// Starts the process; number 0 is the client.
    init(name: String, number: Int, reactor: Reactor) throws(SystemError) {
        self.name = name
        self.number = number
        let command = number == 0 ? ["lab-client"] : ["lab-node", name]
        process = try ChildProcess(
            arguments: [ProcessFacts.executable() ?? "/proc/self/exe"] + command, errorOutput: .inherited)
        var token: Reactor.Token?
        token = try reactor.watch(process.output) { [unowned self] _ in
            if !receive() {
                token.map(reactor.cancel)
                isAlive = false
                process.reap(waiting: true)
                onEnd()
            }
        }
    }

    /// The process as numbered in the lab.
    var pid: pid_t { process.pid }

    /// Its own address on `eth0`.
    var address: IPv4Address { number == 0 ? LabNetwork.clientAddress : LabNetwork.nodeAddress(number) }

    func send(_ message: MemberRequest) { JSONLine.write(message, to: process.input) }

    /// Takes what has arrived; false at the end.
    private func receive() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(process.output, &buffer, buffer.count)
        guard count > 0 else { return count < 0 && (errno == EAGAIN || errno == EINTR) }
        lines.append(buffer[..<count])
        while let line = lines.next() {
            if let event = try? JSONLine.decode(MemberEvent.self, from: line) { onEvent(event) }
        }
        return true
    }
}
