import ClusterModel
import Glibc
import Reactor

/// Runs the system's own tools to their end.
enum Tool {
    /// Directories where an unprivileged user's `PATH` may not look.
    private static let systemDirectories = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"]

    /// Adds the system administrator's directories to `PATH`, so that `ip` and `nft` are found by anybody.
    static func extendPath() {
        var directories = getenv("PATH").map { String(cString: $0).split(separator: ":").map(String.init) } ?? []
        for directory in systemDirectories where !directories.contains(directory) { directories.append(directory) }
        setenv("PATH", directories.joined(separator: ":"), 1)
    }

    /// Runs iproute2's `ip` once with these lines as its commands.
    static func ip(_ lines: [String]) throws(LabError) {
        try run(
            ["ip", "-batch", "-"], input: lines.joined(separator: "\n") + "\n",
            origin: "it is in the Debian package iproute2")
    }

    /// Runs a command that says little, with text on its standard input, for ten seconds of silence at most.
    ///
    /// - Parameter origin: where to get the program, for the sentence when it is missing.
    /// - Throws: a sentence with the last line of its standard error.
    static func run(_ arguments: [String], input: String, origin: String) throws(LabError) {
        let process: ChildProcess
        do {
            process = try ChildProcess(arguments: arguments)
        } catch {
            throw LabError("the lab \(error.description); \(origin)")
        }
        feed(process, Array(input.utf8))
        let errors = String(decoding: errorOutput(of: process), as: UTF8.self)
        process.reap(waiting: true)
        guard process.waitStatus != 0 else { return }
        let name = arguments[0].split(separator: "/").last.map { "\($0): " } ?? ""
        // What is wrong comes first, and behind it where.
        let line = errors.split(separator: "\n").first.map(String.init)
        let reason = (line ?? process.ending ?? "").madeSafe(limit: 400)
        throw LabError((reason.hasPrefix(name) ? "" : name) + reason)
    }

    /// Writes the whole input, unless the process does not want it.
    private static func feed(_ process: ChildProcess, _ input: [UInt8]) {
        var rest = input[...]
        while !rest.isEmpty, wait(for: process.input, POLLOUT) {
            let count = rest.withUnsafeBytes { write(process.input, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EAGAIN || errno == EINTR else { break }
            rest = rest.dropFirst(max(count, 0))
        }
        process.closeInput()
    }

    /// Reads standard error to its end; kills the process when nothing comes for ten seconds.
    private static func errorOutput(of process: ChildProcess) -> [UInt8] {
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while wait(for: process.errors, POLLIN) {
            let count = read(process.errors, &buffer, buffer.count)
            guard count > 0 || count < 0 && (errno == EAGAIN || errno == EINTR) else { return result }
            result += buffer[..<max(count, 0)]
        }
        process.signal(SIGKILL)
        return result
    }

    private static func wait(for descriptor: Int32, _ event: Int32) -> Bool {
        var wait = pollfd(fd: descriptor, events: Int16(event), revents: 0)
        return poll(&wait, 1, 10_000) > 0
    }
}
