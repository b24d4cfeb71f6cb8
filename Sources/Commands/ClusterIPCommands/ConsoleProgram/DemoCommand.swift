import ArgumentParser
import Lab

/// `clusterip demo`: a whole cluster on this machine, and the console over it.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Try it: a whole cluster on this machine, then the console over it.",
        discussion: """
            Three nodes and a client in network namespaces, real rules in the real kernel, real traffic. Nothing is \
            left when it ends, however it ends. Needs root or unprivileged user namespaces; where both are refused, \
            --simulated runs the same console over simulated nodes.

            Try: `2` for the buckets, space to mark some, `m` to plan a move, `:unlock`, then `Y`.
            """)

    @OptionGroup var lab: LabShape

    @OptionGroup var options: ConsoleOptions

    @Flag(help: "Simulated nodes instead of namespaces; the same verdicts, no kernel.") var simulated = false

    func validate() throws {
        do throws(LabError) { try labOptions.validate() } catch { throw ValidationError(error.description) }
    }

    func run() throws {
        let status = try Console.exitStatus { simulated ? try runSimulated() : try runLab() }
        if status != 0 { throw ExitCode(status) }
    }

    private var labOptions: LabOptions { lab.options(hasTraffic: true, rate: 400) }

    private func runLab() throws -> Int32 {
        let lab = try CommandError.inLab { () throws(LabError) in try Lab.start(labOptions, isBound: true) }
        defer { lab.end() }
        let path = lab.state.clusterFile
        let connection = try ClusterConnection(
            ClusterFile(yaml: Files.text(path, what: "cluster file"), path: path), interval: options.interval)
        return try ConsoleProgram(
            fleet: connection.fleet, name: connection.file.name, options: options, reactor: connection.reactor
        ).run()
    }

    private func runSimulated() throws -> Int32 {
        throw CommandError("simulated nodes are not there yet")
    }
}
