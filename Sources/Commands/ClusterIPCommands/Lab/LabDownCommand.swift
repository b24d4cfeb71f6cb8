import ArgumentParser
import Lab

/// `clusterip lab down`.
struct LabDownCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down", abstract: "End the lab and wait until nothing of it is left.",
        discussion: "It is no error when there is no lab.")

    func run() throws {
        try CommandIO.run {
            _ = try CommandError.inLab { () throws(LabError) in try Lab.down() }
            return .done
        }
    }
}
