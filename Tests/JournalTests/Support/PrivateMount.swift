import Glibc

/// A file system of its own in the mount namespace of a child process, reached through /proc; it ends with the child.
struct PrivateMount {
    let path: String
    private let pid: pid_t
    private let stream: UnsafeMutablePointer<FILE>

    /// Runs a body over a small file system on memory: `options` as mount(8) takes them.
    static func run(_ options: String, _ body: (PrivateMount) throws -> Void) throws {
        let unshare = geteuid() == 0 ? "unshare -m" : "unshare -rm"
        let script = "mount -t tmpfs -o \(options) tmpfs /mnt && echo $$ && exec sleep 60"
        guard let stream = popen("exec \(unshare) sh -c '\(script)'", "r") else { throw TestFailure("no shell") }
        var buffer = [CChar](repeating: 0, count: 64)
        fgets(&buffer, Int32(buffer.count), stream)
        let line = String(decoding: buffer.prefix { $0 >= 48 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        guard let pid = pid_t(line), pid > 1 else {
            pclose(stream)
            throw TestFailure("these tests mount a tmpfs in a namespace: run them as root, or where `unshare -rm` may")
        }
        defer {
            kill(pid, SIGKILL)
            pclose(stream)
        }
        try body(PrivateMount(path: "/proc/\(pid)/root/mnt", pid: pid, stream: stream))
    }

    /// Mounts it again with other options.
    func remount(_ options: String) throws {
        try shell(
            "nsenter -t \(pid) \(geteuid() == 0 ? "" : "-U --preserve-credentials") -m mount -o remount,\(options) /mnt"
        )
    }
}
