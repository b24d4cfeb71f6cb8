import ArgumentParser

/// `clusterip console`: all nodes at once, on the terminal.
struct ConsoleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "console", abstract: "Watch and operate a cluster on the terminal.",
        discussion: """
            Starts locked: everything can be seen and planned, nothing carried out. `?` shows the keys of each screen, \
            `:` every command, `q` quits.

            Examples:
              clusterip console
              clusterip console --cluster web --operate
              clusterip console --theme daylight --interval 0.5
              clusterip console --cluster web --cluster mail
              clusterip console --all

            \(ExitStatus.help)
            """)

    @Option(
        help: ArgumentHelp(
            "The name of a cluster file in ~/.config/clusterip/clusters, or a path with a /; may be repeated. Default: $CLUSTERIP_CLUSTER, the running lab, or the only one there.",
            valueName: "file|name"))
    var cluster: [String] = []

    @Flag(help: "Every cluster file in ~/.config/clusterip/clusters.") var all = false

    @OptionGroup var options: ConsoleOptions

    func validate() throws {
        if all, !cluster.isEmpty { throw ValidationError("--all shows every cluster: leave --cluster out.") }
    }

    func run() throws {
        let status = try CommandIO.exitStatus {
            let files = try files()
            let setup = ConsoleSetup(options)
            let interval = setup.interval.value
            let first = try ClusterConnection(files[0], interval: interval)
            let stage = try ConsoleStage(setup, reactor: first.reactor)
            for (index, file) in files.enumerated() {
                let connection =
                    index == 0 ? first : try ClusterConnection(file, interval: interval, reactor: first.reactor)
                _ = try ConsoleProgram(
                    fleet: connection.fleet, name: file.name, themeName: file.theme, setup: setup, stage: stage)
            }
            return try stage.run()
        }
        if status != 0 { throw ExitCode(status) }
    }

    /// The cluster files that are meant, each once.
    private func files() throws(CommandError) -> [ClusterFile] {
        let names: [String?] = all ? ClusterLocator.names : cluster
        var files: [ClusterFile] = []
        for name in names.isEmpty ? [nil] : names {
            let path = try ClusterLocator.path(of: name)
            let file = try ClusterFile(yaml: Files.text(path, what: "cluster file"), path: path)
            if files.contains(where: { $0.name == file.name }) {
                throw CommandError("two clusters are called \(file.name): give one another name in its file")
            }
            files.append(file)
        }
        return files
    }
}
