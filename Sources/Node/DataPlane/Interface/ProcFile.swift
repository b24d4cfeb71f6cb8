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
        while readMore(descriptor, of: &bytes) {}
        return bytes
    }

    /// Whether an open file has such a line; reads no further than to the first.
    static func hasLine(_ descriptor: Int32, where matches: (ArraySlice<UInt8>) -> Bool) -> Bool {
        var bytes: [UInt8] = []
        var start = 0
        while readMore(descriptor, of: &bytes) {
            while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
                if matches(bytes[start..<end]) { return true }
                start = end + 1
            }
        }
        return false
    }

    /// Adds what follows in an open file to what was read from its start; false at its end.
    private static func readMore(_ descriptor: Int32, of bytes: inout [UInt8]) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
            let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(bytes.count))
            guard count > 0 else { return false }
            bytes.append(contentsOf: buffer[..<count])
            return true
        }
    }
}
