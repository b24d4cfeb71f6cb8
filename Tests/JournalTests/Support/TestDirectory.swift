import Glibc
import TestSupport

/// A directory that is removed when the body ends.
struct TestDirectory {
    let path: String

    static func run(_ body: (TestDirectory) throws -> Void) throws {
        try TemporaryDirectory.with("journal") { try body(TestDirectory(path: $0)) }
    }

    func write(_ bytes: [UInt8], to name: String, at offset: Int = 0) throws {
        let descriptor = open(path + "/" + name, O_RDWR | O_CREAT, 0o600)
        defer { close(descriptor) }
        guard pwrite(descriptor, bytes, bytes.count, offset) == bytes.count else {
            throw TestFailure("cannot write \(name)")
        }
    }
}

/// Why a test could not do what it needs.
struct TestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Runs a shell command, for 20 seconds at most, and returns what it prints.
@discardableResult
func shell(_ command: String) throws -> String {
    guard
        let stream = popen(
            "timeout 20 sh -ec '\(command.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''"))'",
            "r")
    else { throw TestFailure("no shell") }
    var text = ""
    var buffer = [CChar](repeating: 0, count: 4096)
    while fgets(&buffer, Int32(buffer.count), stream) != nil {
        text += String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
    guard pclose(stream) == 0 else { throw TestFailure("\(command) failed") }
    return text
}
