import CLinux
import Glibc

/// A child process with pipes on its standard input and output.
public final class ChildProcess {
    private typealias PipeEnds = (read: Int32, write: Int32)

    /// Where the child's standard error goes.
    public enum ErrorOutput: Sendable {
        /// To this program's own.
        case inherited
        /// Into a pipe of its own.
        case piped
        /// Nowhere.
        case discarded
    }

    /// The process id.
    public let pid: pid_t
    /// The writing end of its standard input, non-blocking; -1 when closed.
    public private(set) var input: Int32
    /// The reading end of its standard output, non-blocking; -1 when closed.
    public private(set) var output: Int32
    /// The reading end of its standard error, non-blocking; -1 unless piped.
    public private(set) var errors: Int32
    /// A descriptor that becomes readable when the process has ended.
    public private(set) var exitDescriptor: Int32
    /// The status of `waitpid`, once it has ended.
    public private(set) var waitStatus: Int32?

    /// Starts a program, found on `PATH`, with no signal blocked or ignored, in a process group of its own so that a
    /// Ctrl-C at the terminal does not reach it.
    ///
    /// - Throws: `SystemError` when it cannot be started; the message names the program.
    public init(arguments: [String], errorOutput: ErrorOutput = .piped) throws(SystemError) {
        let pipes = try Self.makePipes()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, pipes[0].read, 0)
        posix_spawn_file_actions_adddup2(&actions, pipes[1].write, 1)
        switch errorOutput {
        case .inherited: break
        case .piped: posix_spawn_file_actions_adddup2(&actions, pipes[2].write, 2)
        case .discarded: posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        }
        do throws(SystemError) {
            pid = try Self.spawn(arguments, &actions)
        } catch {
            Self.close(pipes)
            throw error
        }
        for descriptor in [pipes[0].read, pipes[1].write, pipes[2].write] { Glibc.close(descriptor) }
        for descriptor in [pipes[0].write, pipes[1].read, pipes[2].read] {
            _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        }
        (input, output, errors) = (pipes[0].write, pipes[1].read, pipes[2].read)
        exitDescriptor = clusterip_pidfd_open(pid)
        if exitDescriptor >= 0 { _ = fcntl(exitDescriptor, F_SETFD, FD_CLOEXEC) }
    }

    deinit {
        closeInput()
        for descriptor in [output, errors, exitDescriptor] where descriptor >= 0 { Glibc.close(descriptor) }
    }

    /// A pipe for each of the three standard streams.
    private static func makePipes() throws(SystemError) -> [PipeEnds] {
        var pipes: [PipeEnds] = []
        for _ in 0..<3 {
            var ends: [Int32] = [-1, -1]
            guard clusterip_pipe(&ends) == 0 else {
                let error = SystemError("create a pipe")
                close(pipes)
                throw error
            }
            pipes.append((ends[0], ends[1]))
        }
        return pipes
    }

    private static func close(_ pipes: [PipeEnds]) {
        for pipe in pipes { [pipe.read, pipe.write].forEach { Glibc.close($0) } }
    }

    private static func spawn(
        _ arguments: [String], _ actions: inout posix_spawn_file_actions_t
    ) throws(SystemError) -> pid_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
        var pointers = arguments.map { strdup($0) }
        pointers.append(nil)
        defer { pointers.forEach { free($0) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, arguments.first ?? "", &actions, &attributes, pointers, environ)
        guard code == 0 else { throw SystemError("start \(arguments.first ?? "nothing")", code: code) }
        return pid
    }

    /// Closes the child's standard input, which most programs take for the end.
    public func closeInput() {
        if input >= 0 { Glibc.close(input) }
        input = -1
    }

    /// Sends a signal, unless the child has been waited for.
    public func signal(_ number: Int32) {
        if waitStatus == nil { kill(pid, number) }
    }

    /// Collects the exit status without waiting, or waiting for it.
    ///
    /// - Returns: the status of `waitpid`; nil while it runs.
    @discardableResult
    public func reap(waiting: Bool = false) -> Int32? {
        if waitStatus == nil {
            var status: Int32 = 0
            if waitpid(pid, &status, waiting ? 0 : WNOHANG) == pid { waitStatus = status }
        }
        return waitStatus
    }

    /// How it ended, in words; nil while it runs.
    public var ending: String? {
        waitStatus.map { status in
            let signal = status & 0x7f
            return signal == 0 ? "exit status \(status >> 8 & 0xff)" : "signal \(signal)"
        }
    }
}
