import Glibc

/// What /proc tells about processes.
enum ProcessFacts {
    /// This process's id as the mounted /proc numbers it: in the lab that is the id seen from outside.
    static func outerPid() -> pid_t? { target(of: "/proc/self").flatMap { pid_t($0) } }

    /// The path of this program.
    static func executable() -> String? { target(of: "/proc/self/exe") }

    private static func target(of link: String) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
            let count = readlink(link, buffer.baseAddress!, buffer.count)
            return count > 0
                ? String(
                    decoding: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]), as: UTF8.self)
                : nil
        }
    }

    /// When this process started, in clock ticks after boot: field 22 of `/proc/self/stat`.
    static func startTime() -> UInt64 {
        let text = String(decoding: LabDirectory.contents(of: "/proc/self/stat"), as: UTF8.self)
        // Fields 3… follow the last parenthesis: the command's name may contain anything.
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        return fields.count > 20 ? UInt64(fields[20]) ?? 0 : 0
    }
}
