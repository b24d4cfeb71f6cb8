import CTerminalGuard
import Canvas
import Glibc

/// The calls on a terminal's descriptor.
enum Descriptor {
    /// Writes everything, waiting where the terminal is slow; gives up on an error.
    static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                start += count
            } else if count < 0 && errno == EAGAIN {
                guard isReady(descriptor, events: POLLOUT, milliseconds: 1_000) else { return }
            } else if !(count < 0 && errno == EINTR) {
                return
            }
        }
    }

    /// What there is to read: empty when nothing is, nil when the terminal is gone.
    static func read(_ descriptor: Int32, milliseconds: Int) -> [UInt8]? {
        guard isReady(descriptor, events: POLLIN, milliseconds: milliseconds) else { return [] }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        if count < 0 && (errno == EINTR || errno == EAGAIN) { return [] }
        return count > 0 ? Array(bytes[..<count]) : nil
    }

    /// The size of the terminal in cells, at most 1,000 either way; 80 × 24 when it does not say.
    static func windowSize(_ descriptor: Int32) -> Size {
        var window = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else {
            return Size(columns: 80, rows: 24)
        }
        return Size(columns: min(1_000, Int(window.ws_col)), rows: min(1_000, Int(window.ws_row)))
    }

    private static func isReady(_ descriptor: Int32, events: Int32, milliseconds: Int) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        return poll(&entry, 1, Int32(clamping: milliseconds)) > 0
    }
}

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
