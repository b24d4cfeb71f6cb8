import Glibc

/// Where the standard streams of a lab's processes lead.
enum StandardStreams {
    /// Appends what is written to standard error to a file from now on.
    static func sendErrors(to path: String) {
        let log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard log >= 0 else { return }
        dup2(log, STDERR_FILENO)
        close(log)
    }

    /// Lets go of a pipe from the process that started this one, which may be waiting for its end.
    static func release(_ descriptor: Int32) {
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        dup2(null, descriptor)
        close(null)
    }
}
