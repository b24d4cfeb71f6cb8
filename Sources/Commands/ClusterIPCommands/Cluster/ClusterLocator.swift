import ClusterModel
import Glibc
import Lab
import Reactor

/// Finds the cluster file that a command means: a name is looked up in the configuration alone, a path has a `/`.
enum ClusterLocator {
    /// The path of the file named on the command line, or of the one meant when none is named.
    static func path(of name: String?) throws(CommandError) -> String {
        if let name = name ?? Files.environment("CLUSTERIP_CLUSTER") { return try named(name) }
        if let lab = Lab.find() { return lab.clusterFile }
        let known = clusters
        guard let only = known.first else {
            throw CommandError(
                "there is no cluster to talk to: start one with `clusterip lab up`, or write a cluster file to \(directory)/NAME.yaml"
            )
        }
        guard known.count == 1 else {
            throw CommandError(
                "say which cluster with --cluster: \(known.map { String($0.dropLast(5)) }.joined(separator: ", "))")
        }
        return "\(directory)/\(only)"
    }

    /// The names of all cluster files in the configuration.
    static var names: [String] { clusters.map { String($0.dropLast(5)) } }

    private static func named(_ name: String) throws(CommandError) -> String {
        let shown = name.madeSafe(limit: 200)
        guard !name.contains("/") else {
            if access(name, R_OK) == 0 { return name }
            throw CommandError(SystemError("read the cluster file \(shown)").description)
        }
        // A file of that name in the present directory may be anybody's.
        let path = "\(directory)/\(name).yaml"
        guard access(path, R_OK) == 0 else {
            throw CommandError(
                "there is no cluster \(shown): \(path.madeSafe(limit: 200)) is missing; a file in this directory is ./\(shown)"
            )
        }
        return path
    }

    private static var clusters: [String] { Files.names(in: directory).filter { $0.hasSuffix(".yaml") }.sorted() }

    /// Where cluster files are.
    static var directory: String {
        let home = Files.environment("XDG_CONFIG_HOME") ?? (Files.environment("HOME") ?? "") + "/.config"
        return home + "/clusterip/clusters"
    }
}
