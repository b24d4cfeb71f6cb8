import ArgumentParser
import Console
import Glibc
import Journal
import Lab
import NodeLinks
import Reactor
import Responsibility
import SimulatedNodes

/// `clusterip demo`: a whole cluster on this machine, and the console over it.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Try it: a whole cluster on this machine, then the console over it.",
        discussion: """
            Three nodes and a client in network namespaces, real rules in the real kernel, real traffic. Nothing is \
            left when it ends, however it ends. Needs root or unprivileged user namespaces; where both are refused, \
            --simulated runs the same console over simulated nodes.

            In the console: `2` shows the buckets, space marks some, `m` opens a move of them, Enter plans it, \
            `U` unlocks, `Y` asks why and carries it out, `q` ends all of it.

            Examples:
              clusterip demo
              clusterip demo --nodes 8 --buckets 64 --hashmode sourceip
              clusterip demo --fail
              clusterip demo --simulated

            \(ExitStatus.help)
            """)

    @OptionGroup var lab: LabShape

    @OptionGroup var options: ConsoleOptions

    @Flag(help: "Simulated nodes instead of namespaces; the same verdicts, no kernel.") var simulated = false

    @Flag(help: "Lose a node after some seconds; the last row says what to type.") var fail = false

    func validate() throws {
        if fail, simulated || lab.nodes < 2 {
            throw ValidationError("--fail needs a lab of two nodes or more, without --simulated.")
        }
        if simulated, lab.xt + lab.ipaddr2 > 0 {
            throw ValidationError("Simulated nodes hash as ipt_CLUSTERIP: --xt and --ipaddr2 are for a lab.")
        }
        do throws(LabError) { try labOptions.validate() } catch { throw ValidationError(error.description) }
    }

    func run() throws {
        let status = try CommandIO.exitStatus { simulated ? try runSimulated() : try runLab() }
        if status != 0 { throw ExitCode(status) }
    }

    private var labOptions: LabOptions { lab.options(hasTraffic: true, rate: 400) }

    private func runLab() throws -> Int32 {
        let lab = try CommandError.inLab { () throws(LabError) in try Lab.start(labOptions, isBound: true) }
        defer { lab.end() }
        let path = lab.state.clusterFile
        let setup = ConsoleSetup(options)
        let connection = try ClusterConnection(
            ClusterFile(yaml: Files.text(path, what: "cluster file"), path: path), interval: setup.interval.value)
        let program = try ConsoleProgram(
            fleet: connection.fleet, name: connection.file.name, setup: setup, reactor: connection.reactor)
        if fail { tell(DemoStory(node: LabNetwork.nodeName(2)), lab.state, program) }
        return try program.run()
    }

    /// Lets a story happen beside the console.
    private func tell(_ story: DemoStory, _ lab: LabState, _ program: ConsoleProgram) {
        var story = story
        program.reactor.after(1, repeating: true) { [unowned program] in
            let sight = DemoStory.Sight(program.fleet.snapshot, node: story.node)
            let turn = story.turn(now: program.fleet.seconds, sight)
            do throws(LabError) {
                switch turn.act {
                case .kill: try lab.kill(story.node)
                case .boot: try lab.boot(story.node)
                case nil: break
                }
            } catch { program.say(error.description) }
            if let words = turn.words { program.say(words, .information) }
        }
    }

    private func runSimulated() throws -> Int32 {
        let setup = ConsoleSetup(options)
        let reactor: Reactor
        let simulation: SimulatedLab
        do {
            reactor = try Reactor()
            simulation = try SimulatedLab(
                LabNetwork.configuration(labOptions), nodes: labOptions.nodes, targets: labOptions.kernels.count,
                packetsPerSecond: Double(labOptions.rate),
                reactor: reactor)
        } catch { throw CommandError("\(error)") }
        simulation.start()
        let names = simulation.nodes.map(\.name)
        let fleet = Fleet(
            name: "simulated",
            observation: ClusterObservation(name: "simulated", address: .v4(LabNetwork.clusterAddress), nodes: names),
            nodes: simulation.nodes, reactor: reactor, interval: setup.interval.value)
        let directory = "/tmp/clusterip-simulated-\(getpid())"
        defer { Files.remove(directory) }
        let journal = Journal(path: directory + "/journal.sqlite")
        return try ConsoleProgram(
            fleet: fleet, name: "simulated", setup: setup, reactor: reactor, journal: journal
        ).run()
    }
}
