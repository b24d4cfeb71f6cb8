import ArgumentParser
import Lab

/// `clusterip lab down`.
struct LabDownCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down", abstract: "End the lab and return when nothing of it is left; fine when there is none.")

    func run() throws {
        try Console.run {
            _ = try CommandError.inLab { () throws(LabError) in try Lab.down() }
            return .done
        }
    }
}
