import Glibc

/// What /proc tells about processes.
enum ProcessFacts {
    /// This process's id as the mounted /proc numbers it: in the lab that is the id seen from outside.
    static func outerPid() -> pid_t? {
        var buffer = [CChar](repeating: 0, count: 32)
        guard readlink("/proc/self", &buffer, buffer.count - 1) > 0 else { return nil }
        return pid_t(String(cString: buffer))
    }

    /// The path of this program.
    static func executable() -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        guard readlink("/proc/self/exe", &buffer, buffer.count - 1) > 0 else { return nil }
        return String(cString: buffer)
    }

    /// When this process started, in clock ticks after boot: field 22 of `/proc/self/stat`.
    static func startTime() -> UInt64 {
        let text = String(decoding: LabDirectory.contents(of: "/proc/self/stat"), as: UTF8.self)
        // Fields 3… follow the last parenthesis: the command's name may contain anything.
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        return fields.count > 20 ? UInt64(fields[20]) ?? 0 : 0
    }
}
