import CLinux
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

    /// Runs a command with text on its standard input.
    ///
    /// - Returns: what it wrote to its standard output, when it ended with exit status 0.
    /// - Throws: a sentence with the last line of its standard error.
    @discardableResult
    static func run(_ arguments: [String], input: String = "", package: String) throws(LabError) -> String {
        let process: ChildProcess
        do {
            process = try ChildProcess(arguments: arguments)
        } catch {
            throw LabError("The lab \(error.description); it is in the Debian package \(package).")
        }
        let (output, errors) = exchange(process, Array(input.utf8))
        process.reap(waiting: true)
        guard process.waitStatus == 0 else {
            let text = String(decoding: errors, as: UTF8.self)
            let lines = text.split(separator: "\n").filter { !$0.hasPrefix("Command failed") }
            throw LabError("\(arguments.first ?? "") failed: \(lines.last ?? Substring(process.ending ?? "")).")
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func exchange(_ process: ChildProcess, _ input: [UInt8]) -> (output: [UInt8], errors: [UInt8]) {
        var rest = input[...]
        var results: [[UInt8]] = [[], []]
        var open = [process.output, process.errors]
        var buffer = [UInt8](repeating: 0, count: 4096)
        if rest.isEmpty { process.closeInput() }
        while open.contains(where: { $0 >= 0 }) {
            var waits = open.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            waits.append(pollfd(fd: process.input, events: Int16(POLLOUT), revents: 0))
            guard poll(&waits, 3, 10_000) > 0 || errno == EINTR else { break }
            if waits[2].revents != 0 {
                let count = rest.withUnsafeBytes { write(process.input, $0.baseAddress, $0.count) }
                rest = count < 0 ? [] : rest.dropFirst(count)
                if rest.isEmpty { process.closeInput() }
            }
            for index in 0..<2 where waits[index].revents != 0 {
                let count = read(open[index], &buffer, buffer.count)
                if count > 0 { results[index] += buffer[..<count] } else { open[index] = -1 }
            }
        }
        if open.contains(where: { $0 >= 0 }) { process.signal(SIGKILL) }
        return (results[0], results[1])
    }
}
