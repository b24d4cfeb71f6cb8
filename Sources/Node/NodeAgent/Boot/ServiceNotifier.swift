import Glibc

/// Tells systemd how a service does (sd_notify(3)); does nothing where nobody listens.
struct ServiceNotifier {
    private let path: String?
    /// How often systemd wants to hear that the service is well, in seconds; nil when it does not.
    let watchdogInterval: Double?

    /// A notifier of this process, by what its environment says.
    init() {
        func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
        path = variable("NOTIFY_SOCKET")
        let isMine = variable("WATCHDOG_PID").map { pid_t($0) == getpid() } ?? true
        watchdogInterval = isMine ? variable("WATCHDOG_USEC").flatMap(Double.init).map { $0 / 1e6 } : nil
    }

    /// Sends lines such as `READY=1`.
    func send(_ lines: String...) {
        guard let path, path.hasPrefix("/") || path.hasPrefix("@") else { return }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
        withUnsafeMutableBytes(of: &address.sun_path) {
            $0.copyBytes(from: bytes)
            // A name that is in no file system begins with a zero byte.
            if bytes[0] == UInt8(ascii: "@") { $0[0] = 0 }
        }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let text = Array(lines.joined(separator: "\n").utf8)
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, text, text.count, Int32(MSG_NOSIGNAL), $0, length)
            }
        }
    }
}
