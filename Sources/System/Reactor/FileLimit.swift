import CLinux
import Glibc

/// How many files this process may have open at once (setrlimit(2), `RLIMIT_NOFILE`).
public enum FileLimit {
    /// As many as the largest cluster needs: some for each of its nodes, and some for the program.
    private static let wanted: rlim_t = 2048

    /// Raises the limit to what the largest cluster needs, or as far as the system lets this user.
    public static func raise() {
        var limit = current
        guard limit.rlim_cur < wanted else { return }
        limit.rlim_cur = min(wanted, limit.rlim_max)
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// Whether so many more can be opened now.
    public static func hasRoom(for count: Int) -> Bool {
        var opened: [Int32] = []
        defer { for descriptor in opened { close(descriptor) } }
        while opened.count < count {
            let descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
            guard descriptor >= 0 else { return errno != EMFILE }
            opened.append(descriptor)
        }
        return true
    }

    /// What to say when there is no room: the limit, and how to raise it.
    public static var sentence: String {
        "this program may have only \(current.rlim_cur) files open at once: raise the limit (`ulimit -n 1024`)"
    }

    private static var current: rlimit {
        var limit = rlimit()
        _ = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return limit
    }
}
