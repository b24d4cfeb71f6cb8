import ArgumentParser
import ClusterModel
import Glibc

/// Standard output and standard error as commands use them.
enum CommandIO {
    /// Writes text to standard output.
    static func print(_ text: String) { write(text, to: STDOUT_FILENO) }

    /// Writes lines to standard error, with the program's name in front and without what could command a terminal.
    static func complain(_ text: String) {
        Progress.clear()
        offer("clusterip: \(safe(text))\n", to: STDERR_FILENO)
    }

    /// The lines of a text, each made safe for a terminal.
    static func safe(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).madeSafe(limit: 4000) }
            .joined(separator: "\n")
    }

    /// Whether standard input is a terminal, so that somebody can be asked.
    static var canAsk: Bool { isatty(STDIN_FILENO) == 1 }

    /// Writes text, all of it; a reader that is gone ends the program quietly.
    static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { write(UnsafeRawBufferPointer($0), to: descriptor) }
    }

    /// Writes text as far as that can be done: nobody who stops reading may end a plan in the middle.
    ///
    /// Returns the error number of what stopped it; 0 when all was written.
    @discardableResult
    static func offer(_ text: String, to descriptor: Int32 = STDOUT_FILENO) -> Int32 {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return errno }
            rest = rest.dropFirst(count)
        }
        return 0
    }

    /// Writes bytes, all of them; a reader that is gone ends the program quietly.
    static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32 = STDOUT_FILENO) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { Glibc.exit(errno == EPIPE ? 0 : 1) }
            rest = rest.dropFirst(count)
        }
    }

    /// Runs a body that ends in an exit status, turning a `CommandError` into its sentence and exit status.
    static func exitStatus(_ body: () throws -> Int32) throws -> Int32 {
        do {
            return try body()
        } catch let error as CommandError {
            complain(error.description)
            return error.status.rawValue
        }
    }

    /// Runs a command's body, turning a `CommandError` into its sentence and exit status.
    static func run(_ body: () throws -> ExitStatus) throws {
        let status = try exitStatus { try body().rawValue }
        if status != 0 { throw ExitCode(status) }
    }
}
