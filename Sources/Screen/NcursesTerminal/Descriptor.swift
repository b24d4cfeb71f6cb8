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
