import ClusterModel
import Glibc
import Planning

extension Operator {
    /// The user of this process.
    public static var current: Operator {
        let id = geteuid()
        let user = getpwuid(id).flatMap { $0.pointee.pw_name }.map { String(cString: $0) } ?? String(id)
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let host = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        let sudo = getenv("SUDO_USER").map { String(cString: $0).madeSafe(limit: 64) }
        return Operator(
            user: user.madeSafe(limit: 64), host: host.madeSafe(limit: 64), pid: Int(getpid()),
            sudoUser: sudo?.isEmpty == true ? nil : sudo)
    }
}
