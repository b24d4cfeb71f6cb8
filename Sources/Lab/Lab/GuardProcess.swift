import Glibc
import Reactor

/// Holds a node's guard, as its unit does: a program that is started again when it ends.
final class GuardProcess {
    /// So long, in milliseconds, the guard may take until it stands.
    private static let startLimit: Int32 = 10_000
    /// So long after its end, in seconds, the program is started again.
    private static let pause = 0.05

    private let membership: Membership
    private var process: ChildProcess
    private var token: Reactor.Token?

    /// Starts the program, and returns when the guard stands.
    init(_ membership: Membership) throws(LabError) {
        self.membership = membership
        process = try Self.start(membership)
        var wait = pollfd(fd: process.output, events: Int16(POLLIN), revents: 0)
        var byte: UInt8 = 0
        guard poll(&wait, 1, Self.startLimit) > 0, read(process.output, &byte, 1) == 1 else {
            throw LabError("\(LabNetwork.nodeName(membership.number)): its guard does not stand; see the lab's log")
        }
    }

    /// Starts it again whenever it ends, from now on.
    func keep(_ reactor: Reactor) throws(SystemError) {
        token = try reactor.watch(process.output) { [unowned self, unowned reactor] _ in
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = read(process.output, &buffer, buffer.count)
            guard count == 0 || count < 0 && errno != EAGAIN && errno != EINTR else { return }
            token.map(reactor.cancel)
            process.reap(waiting: true)
            reactor.after(Self.pause) { [unowned self, unowned reactor] in
                guard let next = try? Self.start(membership) else { return }
                process = next
                try? keep(reactor)
            }
        }
    }

    private static func start(_ membership: Membership) throws(LabError) -> ChildProcess {
        let agent = try Membership.agent()
        do throws(SystemError) {
            let process = try ChildProcess(
                arguments: [agent, "guard", "-"], errorOutput: .inherited, endsWithProgram: true)
            let text = Array(membership.settings.utf8)
            _ = text.withUnsafeBytes { write(process.input, $0.baseAddress, $0.count) }
            process.closeInput()
            return process
        } catch {
            throw LabError("the lab \(error.description); it belongs beside this program")
        }
    }
}
