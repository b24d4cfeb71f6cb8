import Glibc
import LinuxNode

/// The cluster manager that has the resource agent's rules, when it runs.
package enum Pacemaker {
    /// The name of its first process, of any release since 1.1.
    private static let program = "pacemakerd"

    /// Whether it runs in this process's network namespace; true where nothing tells.
    package static var runsHere: Bool {
        guard let own = namespace("self"), let folder = opendir("/proc") else { return true }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let process = withUnsafeBytes(of: entry.pointee.d_name) { UnsafeRawBufferPointer($0).text }
            guard process.first?.isNumber == true,
                ProcFile.lines("/proc/\(process)/comm").first.map(String.init) == program
            else {
                continue
            }
            // One that may not be looked at may be in this namespace.
            if namespace(process) ?? own == own { return true }
        }
        return false
    }

    private static func namespace(_ process: String) -> ino_t? {
        var facts = stat()
        return stat("/proc/\(process)/ns/net", &facts) == 0 ? facts.st_ino : nil
    }
}
