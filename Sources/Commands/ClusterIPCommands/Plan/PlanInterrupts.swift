import Glibc
import Reactor

/// Ctrl-C and the signals that end a program, while plans are carried out.
///
/// The first stops between steps, the second Ctrl-C leaves at once.
final class PlanInterrupts {
    /// Called at the first one: begin nothing new.
    var onStop: (() -> Void)?
    /// How often Ctrl-C was pressed since the plan began.
    private(set) var count = 0
    /// Whether a signal wants the program to end, so that nobody is to be asked.
    private(set) var isTerminated = false
    private let reactor: Reactor

    /// Takes the signals from now on; made once for a reactor.
    init(_ reactor: Reactor) {
        self.reactor = reactor
        try? reactor.onSignals([SIGINT, SIGTERM, SIGHUP]) { [self] in take($0) }
    }

    /// Whether anything wants the plan to stop.
    var isStopping: Bool { count > 0 || isTerminated }

    /// Whether the program is to be left now, whatever is under way.
    var isLeaving: Bool { count > 1 }

    /// Forgets Ctrl-C, before another plan is begun.
    func reset() { count = 0 }

    private func take(_ signal: Int32) {
        if signal == SIGHUP { Self.mute() }
        if signal == SIGINT { count += 1 } else { isTerminated = true }
        if isLeaving || onStop == nil { return reactor.stop() }
        guard count == 1 || isTerminated else { return }
        onStop?()
    }

    /// The terminal is gone: what is written to it must not end the plan in the middle.
    private static func mute() {
        let null = open("/dev/null", O_WRONLY | O_CLOEXEC)
        guard null >= 0 else { return }
        for descriptor in [STDOUT_FILENO, STDERR_FILENO] where isatty(descriptor) == 1 || errno == EIO {
            dup2(null, descriptor)
        }
        close(null)
    }
}
