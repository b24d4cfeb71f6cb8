import ClusterModel
import Glibc

/// Who carries an operation out.
public struct Author: Hashable, Sendable, Codable {
    /// The user's name.
    public var user: String
    /// The host's name.
    public var host: String
    /// The process.
    public var pid: Int
    /// Who called sudo; nil without it.
    public var sudoUser: String?

    /// An author from its parts.
    public init(user: String, host: String, pid: Int, sudoUser: String? = nil) {
        self.user = user
        self.host = host
        self.pid = pid
        self.sudoUser = sudoUser
    }

    /// "root@console", with sudo "anna as root@console".
    public var text: String { (sudoUser.map { "\($0) as " } ?? "") + "\(user)@\(host)" }

    /// The user of this process.
    public static var current: Author {
        let id = geteuid()
        let user = getpwuid(id).flatMap { $0.pointee.pw_name }.map { String(cString: $0) } ?? String(id)
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let host = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        let sudo = getenv("SUDO_USER").map { String(cString: $0).madeSafe(limit: 64) }
        return Author(
            user: user.madeSafe(limit: 64), host: host.madeSafe(limit: 64), pid: Int(getpid()),
            sudoUser: sudo?.isEmpty == true ? nil : sudo)
    }
}
