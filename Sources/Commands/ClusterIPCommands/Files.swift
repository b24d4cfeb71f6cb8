import ClusterModel
import Glibc
import Reactor
import SystemPackage

/// The few things commands do with files and the environment.
enum Files {
    /// The largest text file that is read, in bytes.
    private static let limit = 64 << 20

    /// A variable of the environment that is set and not empty.
    static func environment(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        let text = String(cString: value)
        return text.isEmpty ? nil : text
    }

    /// The bytes of a file, or of standard input for "-".
    static func bytes(_ path: String, what: String) throws(CommandError) -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            let file =
                path == "-"
                ? FileDescriptor.standardInput : try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
            defer { if path != "-" { try? file.close() } }
            var part = [UInt8](repeating: 0, count: 1 << 16)
            while case let count = try part.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
                bytes += part[..<count]
                guard bytes.count <= limit else { break }
            }
        } catch {
            let reason = (error as? Errno).map {
                SystemError("read the \(what) \(path.madeSafe(limit: 200))", code: $0.rawValue)
            }
            throw CommandError(reason?.description ?? "cannot read the \(what) \(path.madeSafe(limit: 200))")
        }
        guard bytes.count <= limit else { throw CommandError("the \(what) \(path) is larger than 64 MiB") }
        return bytes
    }

    /// The text of a file.
    static func text(_ path: String, what: String) throws(CommandError) -> String {
        String(decoding: try bytes(path, what: what), as: UTF8.self)
    }

    /// The names in a directory; none when it cannot be read.
    static func names(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { names.append(String(cString: $0)) }
            }
        }
        return names
    }

    /// The size of a regular file in bytes; nil for a pipe and everything else.
    static func size(of descriptor: Int32) -> Int? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// The size of a regular file in bytes; nil when there is none at this path.
    static func size(of path: String) -> Int? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// Removes a directory of plain files, if it is there.
    static func remove(_ directory: String) {
        for name in names(in: directory) { unlink("\(directory)/\(name)") }
        rmdir(directory)
    }

    /// Whether there is a file that can be run.
    static func exists(_ path: String) -> Bool { access(path, X_OK) == 0 }

    /// The directory of this program's executable.
    static var executableDirectory: String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        guard count > 0 else { return "." }
        let path = String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
        return String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
    }
}
