import ArgumentParser
import ClusterModel
import Glibc
import SystemPackage

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
        do {
            try FileDescriptor(rawValue: descriptor).writeAll(text.utf8)
            return 0
        } catch { return (error as? Errno)?.rawValue ?? EIO }
    }

    /// Writes bytes, all of them; a reader that is gone ends the program quietly.
    static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32 = STDOUT_FILENO) {
        do { try FileDescriptor(rawValue: descriptor).writeAll(bytes) } catch {
            Glibc.exit(error as? Errno == .brokenPipe ? 0 : 1)
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
