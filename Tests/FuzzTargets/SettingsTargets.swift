import Canvas
import ClusterIPCommands
import ClusterModel
import FlowReading
import Nftables
import NodeLinks
import Responsibility
import ThemeFiles
import Wording

extension FuzzTarget {
    /// What programs on the way to an agent say when a link ends.
    static let ssh = FuzzTarget("ssh", "the last words of ssh, sudo, shells and nsenter") { bytes in
        let words = String(decoding: bytes, as: UTF8.self)
        for end: LinkFailure.End in [.exited(status: 255), .killed(signal: 9), .notStarted, .outputClosed] {
            requireSafe(LinkFailure.ended(end, words: words).sentence)
        }
    }

    /// A cluster file: what it names never becomes an option of ssh or a word of a shell.
    static let clusterFile = FuzzTarget("cluster-file", "a cluster file in YAML") { bytes in
        do throws(CommandError) {
            let file = try ClusterFile(yaml: String(decoding: bytes, as: UTF8.self), path: "web.yaml")
            requireSafe(file.name)
            for node in file.nodes {
                requireSafe(node.name)
                requireHarmless(node.link)
            }
        } catch { requireSafe(error.description) }
    }

    private static func requireHarmless(_ link: LinkTarget) {
        guard case .ssh(let target) = link else { return }
        let words = link.arguments(agent: "clusterip-agent")
        guard let end = words.firstIndex(of: "--") else { preconditionFailure("the host may be taken for an option") }
        require(words.count == end + 3 && words[end + 1] == target.host, "more than a host and a command")
        let plain = words[end + 2].unicodeScalars.allSatisfy {
            $0.isASCII
                && ($0.properties.isAlphabetic || $0.properties.numericType != nil
                    || "./-_ ".unicodeScalars.contains($0))
        }
        require(plain && !target.host.hasPrefix("-") && target.user?.hasPrefix("-") != true, "a word for a shell")
    }

    /// A theme file.
    static let theme = FuzzTarget("theme", "a theme in YAML") { bytes in
        Fixtures.withFile(bytes) { path in
            do {
                let loaded = try ThemeLibrary(directories: []).load(path)
                requireSafe(loaded.theme.name)
                for warning in loaded.warnings { requireSafe(warning.description) }
            } catch { requireSafe("\(error)") }
        }
    }

    /// Short texts that stand in files, on the command line and in input lines.
    static let text = FuzzTarget("text", "addresses, buckets, MACs, hash expressions, marks", limit: 512) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        requireSafe(text.madeSafe(limit: 300))
        if let scheme = try? HashScheme(rule: text) { require(scheme.bucketCount > 0, "a rule of no buckets") }
        if let address = IPAddress(text) { require(IPAddress(address.description) == address, "an address") }
        if let mac = MACAddress(text) { require(MACAddress(mac.description) == mac, "a MAC address") }
        if let buckets = try? BucketSet(parsing: text) {
            require((try? BucketSet(parsing: buckets.description)) == buckets || buckets.isEmpty, "buckets")
            requireSafe(buckets.fitting(20))
        }
        if let hash = try? NftHash(parsing: text) {
            require((try? NftHash(parsing: hash.description)) == hash, "a hash expression")
        }
        _ = OperationMark(parsing: text)
        _ = TransportProtocol(text)
        _ = LinuxVersion(text)
        _ = InterfaceName.isValid(text)
        _ = try? TypedFlow(text, destination: Fixtures.address)
        requireSafe(ShellWord.quoted(text.madeSafe(limit: 300)))
    }

    /// The settings of a cluster as they stand in a kernel's table.
    static let stored = FuzzTarget("stored", "the comment of a table, which holds a cluster's settings", limit: 512) {
        bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        guard let stored = StoredConfiguration(text) else { return }
        require(StoredConfiguration(stored.description) == stored, "settings that are not read as they were written")
    }
}
