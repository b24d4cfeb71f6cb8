import ArgumentParser

/// Which cluster a command is about.
struct ClusterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The name of a cluster file in ~/.config/clusterip/clusters, or a path with a /. Default: $CLUSTERIP_CLUSTER, the running lab, or the only one there.",
            valueName: "file|name"))
    var cluster: String?

    /// Reads the cluster file.
    func load() throws(CommandError) -> ClusterFile {
        let path = try ClusterLocator.path(of: cluster)
        return try ClusterFile(yaml: Files.text(path, what: "cluster file"), path: path)
    }
}
