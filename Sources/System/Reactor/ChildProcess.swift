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

    private let endsWithProgram: Bool

    /// Starts a program, found on `PATH`, with no signal blocked or ignored, in a process group of its own so that a
    /// Ctrl-C at the terminal does not reach it.
    ///
    /// - Parameter endsWithProgram: Whether it is killed when this object goes or this program ends, however that ends;
    ///   for programs that a stranger's machine could keep from ending by themselves. Others end with their input.
    /// - Throws: `SystemError` when it cannot be started; the message names the program.
    public init(
        arguments: [String], errorOutput: ErrorOutput = .piped, endsWithProgram: Bool = false
    ) throws(SystemError) {
        self.endsWithProgram = endsWithProgram
        var pipes = try Self.makePipes()
        if errorOutput == .discarded {
            Glibc.close(pipes[2].write)
            pipes[2].write = open("/dev/null", O_WRONLY | O_CLOEXEC)
        }
        let errors = errorOutput == .inherited ? -1 : pipes[2].write
        do throws(SystemError) {
            pid = try Self.spawn(arguments, [pipes[0].read, pipes[1].write, errors], endsWithProgram: endsWithProgram)
        } catch {
            Self.close(pipes)
            throw error
        }
        for descriptor in [pipes[0].read, pipes[1].write, pipes[2].write] { Glibc.close(descriptor) }
        for descriptor in [pipes[0].write, pipes[1].read, pipes[2].read] {
            _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        }
        (input, output, self.errors) = (pipes[0].write, pipes[1].read, pipes[2].read)
        exitDescriptor = clusterip_pidfd_open(pid)
        if exitDescriptor >= 0 { _ = fcntl(exitDescriptor, F_SETFD, FD_CLOEXEC) }
    }

    deinit {
        if endsWithProgram, waitStatus == nil { end() }
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
        _ arguments: [String], _ streams: [Int32], endsWithProgram: Bool
    ) throws(SystemError) -> pid_t {
        var pointers = arguments.map { strdup($0) }
        pointers.append(nil)
        defer { pointers.forEach { free($0) } }
        guard !arguments.isEmpty else { throw SystemError("start nothing", code: EINVAL) }
        let pid = clusterip_spawn(pointers, streams, endsWithProgram ? 1 : 0)
        guard pid > 0 else { throw SystemError("start \(arguments[0])") }
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

    /// Kills the child and collects it when it has ended; a reactor that runs is not held up meanwhile.
    public func end(_ reactor: Reactor) {
        signal(SIGKILL)
        closeInput()
        guard reap() == nil else { return }
        var token: Reactor.Token?
        token = try? reactor.watch(exitDescriptor) { [self, unowned reactor] _ in
            reap(waiting: true)
            if let token { reactor.cancel(token) }
        }
        // Without a descriptor of the process (Linux 5.3) there is nothing else to wait on.
        if token == nil { reap(waiting: true) }
    }

    /// Kills the child and waits for its end.
    public func end() {
        signal(SIGKILL)
        reap(waiting: true)
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
