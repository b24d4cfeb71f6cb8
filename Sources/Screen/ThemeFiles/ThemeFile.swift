import Canvas
import Glibc

/// Reads theme files and directories.
enum ThemeFile {
    /// Bytes a theme file may have.
    static let limit = 262_144

    /// The text of a file; throws `ThemeError.unreadable`.
    static func read(_ path: String) throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = Glibc.read(descriptor, &part, part.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure(path) }
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += part[..<count]
            guard bytes.count <= limit else {
                throw ThemeError.unreadable(path: safeText(path), reason: "it has more than \(limit) bytes")
            }
        }
    }

    /// The names in a directory; none when it cannot be read.
    static func list(_ path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            names.append(name)
        }
        return names
    }

    private static func failure(_ path: String) -> ThemeError {
        .unreadable(path: safeText(path), reason: String(cString: strerror(errno)))
    }
}
