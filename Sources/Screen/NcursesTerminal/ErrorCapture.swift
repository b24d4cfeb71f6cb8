import CTerminalGuard
import Glibc

/// Keeps descriptor 2 away from the screen: what is written there goes to memory and is shown afterwards.
struct ErrorCapture {
    private let errors: Int32
    private let memory: Int32

    /// Starts capturing; nil when descriptor 2 is no terminal or there is no memory file.
    init?() {
        guard isatty(2) == 1 else { return nil }
        let memory = ctg_memory_file()
        guard memory >= 0 else { return nil }
        let errors = fcntl(2, F_DUPFD_CLOEXEC, 3)
        guard errors >= 0, dup2(memory, 2) == 2 else {
            Glibc.close(memory)
            return nil
        }
        self.errors = errors
        self.memory = memory
        ctg_capture(errors, memory)
    }

    /// Gives descriptor 2 back and writes what was captured, without control characters, at most 64 KiB.
    func finish() {
        ctg_capture(-1, -1)
        dup2(errors, 2)
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = pread(memory, &bytes, bytes.count, 0)
        if count > 0 {
            let text = String(decoding: bytes[..<count], as: UTF8.self).unicodeScalars.map { scalar -> Character in
                let isControl = scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
                return isControl ? "?" : Character(scalar)
            }
            Descriptor.write(Array(String(text).utf8), to: errors)
        }
        Glibc.close(memory)
        Glibc.close(errors)
    }
}
