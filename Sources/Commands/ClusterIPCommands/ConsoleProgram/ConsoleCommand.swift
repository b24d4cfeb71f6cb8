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

            \(ExitStatus.help)
            """)

    @OptionGroup var cluster: ClusterOptions

    @OptionGroup var options: ConsoleOptions

    func run() throws {
        let status = try CommandIO.exitStatus {
            let connection = try ClusterConnection(cluster.load(), interval: options.interval)
            let program = try ConsoleProgram(
                fleet: connection.fleet, name: connection.file.name, options: options, reactor: connection.reactor)
            return try program.run()
        }
        if status != 0 { throw ExitCode(status) }
    }
}
