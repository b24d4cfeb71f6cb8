import ArgumentParser
import Glibc
import Reactor

extension RootCommand {
    /// Runs the command line of this process and exits.
    public static func start() -> Never {
        // Writing to an agent that has just ended must be an error of that node, not the end of this program.
        signal(SIGPIPE, SIG_IGN)
        keepStandardDescriptors()
        FileLimit.raise()
        do {
            var command = try parseAsRoot()
            try command.run()
            exit()
        } catch { exit(after: error) }
    }

    /// Ends as the argument parser would, with its message made safe: it repeats what was typed.
    private static func exit(after error: any Error) -> Never {
        let (message, code) = (fullMessage(for: error), exitCode(for: error))
        if !message.isEmpty {
            CommandIO.offer(
                code.isSuccess ? message + "\n" : CommandIO.safe(message) + "\n",
                to: code.isSuccess ? STDOUT_FILENO : STDERR_FILENO)
        }
        exit(withError: code)
    }

    /// Opens what a caller closed of standard input, output and error, the wrong way round so that its use is an error:
    /// else the next file or socket would get its number, and the output with it.
    private static func keepStandardDescriptors() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }
}
