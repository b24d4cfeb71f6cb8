import ClusterModel
import Glibc
import Reactor

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
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandError(SystemError("read the \(what) \(path.madeSafe(limit: 200))").description)
        }
        defer { if path != "-" { close(descriptor) } }
        var bytes: [UInt8] = []
        while true {
            let count = withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { buffer in
                let count = read(descriptor, buffer.baseAddress, buffer.count)
                if count > 0 { bytes.append(contentsOf: buffer[..<count]) }
                return count
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw CommandError(SystemError("read the \(what) \(path.madeSafe(limit: 200))").description)
            }
            if count == 0 { return bytes }
            guard bytes.count <= limit else { throw CommandError("the \(what) \(path) is larger than 64 MiB") }
        }
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
