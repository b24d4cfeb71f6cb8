import Glibc

/// Files of the proc file system, which have no size and come in one read after another.
enum ProcFile {
    /// The lines of a file; none when it cannot be read.
    static func lines(_ path: String) -> [Substring] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        return String(decoding: bytes(descriptor), as: UTF8.self).split(separator: "\n")
    }

    /// Everything in an open file, from its start.
    static func bytes(_ descriptor: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
            while true {
                let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(bytes.count))
                guard count > 0 else { return }
                bytes.append(contentsOf: buffer[..<count])
            }
        }
        return bytes
    }
}
