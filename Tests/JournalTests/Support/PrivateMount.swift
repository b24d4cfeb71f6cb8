import Glibc

/// A small file system on memory in a mount namespace of the calling thread alone; it vanishes with it.
///
/// The body must not suspend.
struct PrivateMount {
    let path = "/mnt"
    private static let newMounts: Int32 = 0x0002_0000

    /// Runs a body over a file system with `options` as mount(8) takes them, and brings the thread back.
    ///
    /// The test fails, and is not skipped, where namespaces cannot be made.
    static func run(_ options: String, _ body: (PrivateMount) throws -> Void) throws {
        typealias Unshare = @convention(c) (Int32) -> Int32
        typealias Enter = @convention(c) (Int32, Int32) -> Int32
        let home = open("/proc/thread-self/ns/mnt", O_RDONLY | O_CLOEXEC)
        defer { close(home) }
        guard unsafeBitCast(dlsym(nil, "unshare"), to: Unshare.self)(newMounts) == 0 else {
            throw TestFailure("these tests make mount namespaces: run them as root, or under `unshare -Urm`")
        }
        defer { _ = unsafeBitCast(dlsym(nil, "setns"), to: Enter.self)(home, newMounts) }
        try shell("mount --make-rprivate / && mount -t tmpfs -o \(options) tmpfs /mnt")
        try body(PrivateMount())
    }

    /// Mounts it again with other options.
    func remount(_ options: String) throws { try shell("mount -o remount,\(options) /mnt") }
}
