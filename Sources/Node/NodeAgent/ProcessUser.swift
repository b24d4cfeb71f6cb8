import Glibc

/// Who started a process: whoever logged in, as the kernel's audit keeps it over sudo and su, else the process's user.
///
/// Names are looked up in /etc/passwd alone, since a directory service may let an agent wait.
enum ProcessUser {
    /// The name, or "uid 1001" when it has none; nil when the process has ended already.
    static func name(pid: UInt32) -> String? {
        guard pid > 0, let identity = login(pid) ?? owner(pid) else { return nil }
        let entry = text("/etc/passwd").split(separator: "\n").lazy
            .map { $0.split(separator: ":", omittingEmptySubsequences: false) }
            .first { $0.count > 2 && $0[2] == String(identity) }
        return entry.map { String($0[0]) } ?? "uid \(identity)"
    }

    private static func login(_ pid: UInt32) -> UInt32? {
        let number = text("/proc/\(pid)/loginuid").split(separator: "\n").first.flatMap { UInt32($0) }
        return number == .max ? nil : number
    }

    private static func owner(_ pid: UInt32) -> UInt32? {
        text("/proc/\(pid)/status").split(separator: "\n").first { $0.hasPrefix("Uid:") }
            .flatMap { $0.split(whereSeparator: \.isWhitespace).dropFirst().first }.flatMap { UInt32($0) }
    }

    /// The beginning of a small file; empty when it cannot be read.
    private static func text(_ path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }
}
