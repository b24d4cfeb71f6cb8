import TestSupport
import Testing

@Suite("Which cluster file is meant")
struct ClusterLocatorTests {
    /// Runs `status` in a directory where somebody has left a file, with a configuration of its own.
    private func status(_ cluster: String, planted: String, configured: String? = nil) throws -> Program.Outcome {
        try TemporaryDirectory.with("locator") { home in
            let script = """
                cd "$1"; mkdir -p c/clusterip/clusters; echo "name: planted" > "$2"
                if [ -n "$4" ]; then echo "name: configured" > "c/clusterip/clusters/$4"; fi
                XDG_CONFIG_HOME="$1/c" XDG_RUNTIME_DIR="$1" XDG_STATE_HOME="$1" "$5" status --cluster "$3"
                """
            return try Program.run(
                ["sh", "-c", script, "sh", home, planted, cluster, configured ?? "", Program.directory + "/clusterip"])
        }
    }

    @Test("a name is never a file of the present directory", arguments: ["web", "web.yaml"])
    func name(_ name: String) throws {
        let missing = try status(name, planted: name)
        #expect(missing.errors.contains("there is no cluster \(name): "), "\(missing.errors)")
        #expect(missing.errors.contains("a file in this directory is ./\(name)"), "\(missing.errors)")
        let found = try status(name, planted: name, configured: name + ".yaml")
        #expect(found.errors.contains("/c/clusterip/clusters/\(name).yaml: "), "\(found.errors)")
    }

    @Test("a path is")
    func path() throws {
        let found = try status("./web", planted: "web", configured: "web.yaml")
        #expect(found.errors.hasPrefix("clusterip: ./web: "), "\(found.errors)")
    }
}
