import ArgumentParser
import Lab
import Responsibility

/// `clusterip lab up`.
struct LabUpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up", abstract: "Start a lab, wait until every node answers, and print its cluster file's path.",
        discussion: """
            Examples:
              clusterip lab up
              clusterip lab up --nodes 8 --buckets 64 --no-traffic
              clusterip lab up --nodes 2 --xt 2 --ipaddr2 1
              clusterip lab up --legacy 2 --legacy 1@5.10
            """)

    @OptionGroup var lab: LabShape

    @Flag(help: "Let the client send no traffic of its own.") var noTraffic = false

    @Option(help: "Packets a second that the client sends in all.") var rate = 400

    func run() throws {
        try CommandIO.run {
            let lab = try CommandError.inLab { () throws(LabError) in try Lab.start(options, isBound: false) }
            CommandIO.print(lab.state.clusterFile + "\n")
            return .done
        }
    }

    private var options: LabOptions { lab.options(hasTraffic: !noTraffic, rate: rate) }
}
