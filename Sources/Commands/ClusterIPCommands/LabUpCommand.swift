import ArgumentParser
import Lab
import Responsibility

/// `clusterip lab up`.
struct LabUpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up", abstract: "Start a lab, wait until every node answers, and print its cluster file's path.")

    @OptionGroup var lab: LabShape

    @Flag(help: "Let the client send no traffic of its own.") var noTraffic = false

    @Option(help: "Packets a second that the client sends in all.") var rate = 400

    func validate() throws {
        do throws(LabError) { try options.validate() } catch { throw ValidationError(error.description) }
    }

    func run() throws {
        do throws(LabError) { print(try Lab.start(options, isBound: false).state.clusterFile) } catch {
            try fail(error)
        }
    }

    private var options: LabOptions { lab.options(hasTraffic: !noTraffic, rate: rate) }
}
