import Glibc

/// Files of the proc file system, which have no size and come in one read after another.
package enum ProcFile {
    /// The lines of a file; none when it cannot be read.
    package static func lines(_ path: String) -> [Substring] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        return String(decoding: bytes(descriptor), as: UTF8.self).split(separator: "\n")
    }

    /// Everything in an open file, from its start.
    package static func bytes(_ descriptor: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        while readMore(descriptor, of: &bytes) {}
        return bytes
    }

    /// Whether an open file has such a line; reads no further than to the first.
    package static func hasLine(_ descriptor: Int32, where matches: (ArraySlice<UInt8>) -> Bool) -> Bool {
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

/// A number in a file of the proc file system, which is kept open: opening costs more than reading.
package final class ProcNumber {
    private let path: String
    private var descriptor: Int32 = -1

    /// The number in a file that need not be there yet.
    package init(_ path: String) { self.path = path }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The number now; nil when there is no such file.
    ///
    /// A file that was gone and is there again is opened anew.
    package func read() -> Int? {
        for _ in 0..<2 {
            if descriptor < 0 { descriptor = open(path, O_RDONLY | O_CLOEXEC) }
            guard descriptor >= 0 else { return nil }
            if let number = Self.number(descriptor) { return number }
            close(descriptor)
            descriptor = -1
        }
        return nil
    }

    /// The digits at a file's start as a number; nil when there are none, or too many.
    private static func number(_ descriptor: Int32) -> Int? {
        withUnsafeTemporaryAllocation(byteCount: 32, alignment: 1) { buffer in
            let count = pread(descriptor, buffer.baseAddress, buffer.count, 0)
            let digits = buffer.prefix(max(count, 0)).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            return Int(String(decoding: digits, as: UTF8.self))
        }
    }
}
