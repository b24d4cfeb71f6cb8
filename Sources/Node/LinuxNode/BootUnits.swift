import Glibc
import Responsibility

/// Which cluster addresses systemd makes this node a member of when it boots: by the units that are enabled, and the files
/// of settings that they read.
struct BootUnits {
    private static let interval: UInt64 = 30_000_000_000
    private static let unit = "clusterip-node@"

    private var known: [IPAddress]?
    private var due: UInt64 = 0

    /// The addresses; nil where systemd does not boot this node, or whether it does cannot be told.
    mutating func members(now: UInt64) -> [IPAddress]? {
        guard now >= due else { return known }
        due = now + Self.interval  // bounded: the clock of a machine
        known = Self.isBootedNode ? Self.addresses(under: "/") : nil
        return known
    }

    /// Whether systemd is process 1, and this network namespace is the one that it boots.
    private static var isBootedNode: Bool {
        var (own, first) = (stat(), stat())
        guard access("/run/systemd/system", F_OK) == 0, stat("/proc/self/ns/net", &own) == 0,
            stat("/proc/1/ns/net", &first) == 0
        else { return false }
        return own.st_ino == first.st_ino
    }

    /// The addresses in the files of the units that are enabled below a root directory.
    static func addresses(under root: String) -> [IPAddress] {
        let directory = root + "etc/systemd/system"
        var names: Set<String> = []
        for wants in entries(directory) where wants.hasSuffix(".wants") || wants.hasSuffix(".requires") {
            for unit in entries("\(directory)/\(wants)") where unit.hasPrefix(Self.unit) && unit.hasSuffix(".service") {
                names.insert(String(unit.dropFirst(Self.unit.count).dropLast(".service".count)))
            }
        }
        return names.compactMap { address(in: "\(root)etc/clusterip/\($0).yaml") }.sorted()
    }

    /// The address that a file of settings names.
    private static func address(in path: String) -> IPAddress? {
        for line in ProcFile.lines(path) where line.hasPrefix("address:") {
            let value = line.dropFirst("address:".count).drop { $0 == " " || $0 == "\"" || $0 == "'" }
            return IPAddress(String(value.prefix { $0 != "/" && $0 != " " && $0 != "\"" && $0 != "'" }))
        }
        return nil
    }

    private static func entries(_ path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return names
    }
}
