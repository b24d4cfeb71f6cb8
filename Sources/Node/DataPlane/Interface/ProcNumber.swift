import Glibc

/// A number in a file of the proc file system, which is kept open: opening costs more than reading.
final class ProcNumber {
    private let path: String
    private var descriptor: Int32 = -1

    /// The number in a file that need not be there yet.
    init(_ path: String) { self.path = path }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The number now; nil when there is no such file.
    ///
    /// A file that was gone and is there again is opened anew.
    func read() -> Int? {
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
