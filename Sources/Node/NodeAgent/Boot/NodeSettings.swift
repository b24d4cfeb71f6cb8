import ClusterModel
import Glibc
import Nftables
import NodeDriver
import Responsibility

/// What a file of the node says of one cluster address, so that it can be a member before anybody asks it to.
///
///     address: 10.8.0.1/24
///     interface: eth0
///     mac: 01:00:5e:08:00:01
///     hashmode: sourceip-sourceport
///     total_nodes: 16
///     hash_init: 42
///     members: [node1, node2, node3]
///
/// One `key: value` a line, in YAML. Nothing in it says which buckets the node owns: it owns none until it is told.
package struct NodeSettings: Hashable {
    /// The cluster's settings.
    package var configuration: ClusterConfiguration
    /// All members of the cluster, as far as the file names them.
    package var members: [String]

    /// Where a name's file is, and which words are paths.
    package static func path(_ name: String) -> String {
        name.contains("/") ? name : "\(directory)/\(name).yaml"
    }

    /// Where the files are.
    package static let directory = "/etc/clusterip"

    /// Reads the file of a name, or of a path; `-` is standard input.
    package init(file name: String) throws(DriverError) {
        let path = name == "-" ? "/dev/stdin" : Self.path(name)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw DriverError(.notFound, "\(path.madeSafe(limit: 200)): \(String(cString: strerror(errno))).")
        }
        defer { close(descriptor) }
        let bytes = Self.bytes(descriptor)
        let file = path.split(separator: "/").last.map(String.init) ?? path
        let name = file.hasSuffix(".yaml") ? String(file.dropLast(5)) : file
        do throws(DriverError) {
            try self.init(text: String(decoding: bytes, as: UTF8.self), name: name)
        } catch {
            throw DriverError(error.code, "\(path.madeSafe(limit: 200)): \(error.message)")
        }
    }

    /// What is in a small file.
    private static func bytes(_ descriptor: Int32) -> [UInt8] {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while all.count < 1 << 16, case let count = read(descriptor, &buffer, buffer.count), count > 0 {
            all += buffer[..<count]
        }
        return all
    }

    /// Settings of an installation.
    package init(_ configuration: ClusterConfiguration, members: [String]) {
        self.configuration = configuration
        self.members = members
    }

    /// Reads the text; `name` is the cluster's name where the text has none.
    ///
    /// - Throws: `.badValue` that names the line or the key, and what would be right.
    package init(text: String, name: String) throws(DriverError) {
        let values = try Self.values(text)
        func value(_ key: Key) throws(DriverError) -> String {
            guard let value = values[key] else {
                throw Self.wrong("\(key.rawValue) is missing, such as \(key.example)")
            }
            return value
        }
        func parsed<Value>(_ key: Key, _ parse: (String) -> Value?) throws(DriverError) -> Value {
            let text = try value(key)
            guard let value = parse(text) else {
                throw Self.wrong("\(key.rawValue): \"\(text.madeSafe(limit: 60))\" should be such as \(key.example)")
            }
            return value
        }
        let network = try parsed(.address) { text -> (IPAddress, Int)? in
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2, let address = IPAddress(String(parts[0])), let prefix = Int(parts[1]) else {
                return nil
            }
            return (address, prefix)
        }
        let total = try parsed(.totalNodes) { UInt32($0) }
        let seed = values[.hashInit] == nil ? 0 : try parsed(.hashInit) { UInt32($0) }
        let scheme = try parsed(.hashmode) { TableSettings.scheme(mode: $0, bucketCount: total, seed: seed) }
        configuration = ClusterConfiguration(
            name: values[.name] ?? name, address: network.0, prefixLength: network.1,
            interface: try value(.interface), mac: try parsed(.mac) { MACAddress($0) },
            scheme: scheme,
            joinsGroup: try values[.igmp] == nil ? false : parsed(.igmp) { ["yes": true, "no": false][$0] })
        let list = values[.members].map {
            $0.hasPrefix("[") && $0.hasSuffix("]") ? String($0.dropFirst().dropLast()) : $0
        }
        members = (list ?? "").split { $0 == "," || $0 == " " }.map { String($0).madeSafe(limit: 64) }
        try ConfigurationCheck.check(configuration)
    }

    /// The text from which the same settings are read.
    package var text: String {
        let lines = [
            "name: \(configuration.name)", "address: \(configuration.address)/\(configuration.prefixLength)",
            "interface: \(configuration.interface)", "mac: \(configuration.mac)",
            "hashmode: \(configuration.scheme.name)", "total_nodes: \(configuration.bucketCount)",
            "hash_init: \(configuration.scheme.seedText)",
        ]
        let group = configuration.joinsGroup ? ["igmp: yes"] : []
        let list = members.isEmpty ? [] : ["members: [\(members.joined(separator: ", "))]"]
        return (lines + group + list).joined(separator: "\n") + "\n"
    }
}

extension NodeSettings {
    private enum Key: String, CaseIterable {
        case name, address, interface, mac, hashmode, igmp
        case totalNodes = "total_nodes"
        case hashInit = "hash_init"
        case members

        var example: String {
            switch self {
            case .name: "web"
            case .address: "10.8.0.1/24"
            case .interface: "eth0"
            case .mac: "01:00:5e:08:00:01"
            case .hashmode: "sourceip, sourceip-sourceport, sourceip-sourceport-destport or cluster-match"
            case .totalNodes: "16"
            case .hashInit: "42"
            case .igmp: "yes"
            case .members: "[node1, node2]"
            }
        }
    }

    private static func wrong(_ what: String) -> DriverError { DriverError(.badValue, what + ".") }

    private static func values(_ text: String) throws(DriverError) -> [Key: String] {
        var values: [Key: String] = [:]
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let words = trimmed(withoutComment(line))
            guard !words.isEmpty, words != "---" else { continue }
            guard let colon = words.firstIndex(of: ":"), words[colon...].dropFirst().first.map({ $0 == " " }) != false
            else { throw wrong("line \(index + 1) is not `key: value`") }
            guard let key = Key(rawValue: String(words[..<colon])) else {
                let known = Key.allCases.map(\.rawValue).joined(separator: ", ")
                throw wrong(
                    "line \(index + 1): there is no key \(String(words[..<colon]).madeSafe(limit: 40)); there are \(known)"
                )
            }
            guard values[key] == nil else { throw wrong("line \(index + 1): \(key.rawValue) stands there twice") }
            values[key] = unquoted(trimmed(words[colon...].dropFirst()))
        }
        return values
    }

    private static func withoutComment(_ line: Substring) -> Substring {
        var before: Character = " "
        for index in line.indices {
            if line[index] == "#", before == " " || before == "\t" { return line[..<index] }
            before = line[index]
        }
        return line
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" || last == "\r" { text.removeLast() }
        return text
    }

    private static func unquoted(_ text: Substring) -> String {
        guard text.count > 1, let mark = text.first, mark == "\"" || mark == "'", text.last == mark else {
            return String(text)
        }
        return String(text.dropFirst().dropLast())
    }
}
