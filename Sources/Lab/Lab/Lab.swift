import CLab
import CLinux
import Glibc

/// A whole cluster in network namespaces on this machine.
public final class Lab {
    /// What the supervisor wrote down when every node was ready.
    public let state: LabState
    private let directory: LabDirectory
    private var lifeline: Int32

    init(state: LabState, directory: LabDirectory, lifeline: Int32) {
        self.state = state
        self.directory = directory
        self.lifeline = lifeline
    }

    deinit { end() }

    /// Ends a bound lab and returns when all of it is gone; a lab that is not bound stays.
    public func end() {
        guard lifeline >= 0 else { return }
        let sweep = NamespaceSweep(state)
        close(lifeline)
        lifeline = -1
        Self.awaitEnd(of: state.supervisor, signals: [SIGTERM, SIGKILL])
        sweep.endPrograms()
        directory.removeStale()
    }

    /// Waits for the end of a process, 5 seconds before each of the signals, and collects it if it is a child.
    static func awaitEnd(of supervisor: pid_t, signals: [Int32]) {
        let process = clusterip_pidfd_open(supervisor)
        for signal in process < 0 ? [] : signals {
            var wait = pollfd(fd: process, events: Int16(POLLIN), revents: 0)
            if poll(&wait, 1, 5000) > 0 { break }
            _ = clab_signal(process, signal)
        }
        if process >= 0 { close(process) }
        waitpid(supervisor, nil, 0)
    }
}
