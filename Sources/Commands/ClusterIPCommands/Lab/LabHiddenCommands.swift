import ArgumentParser
import Lab

/// Process 1 of a lab; started by `lab up` and `demo`.
struct LabSupervisorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "lab-supervisor", shouldDisplay: false)

    func run() { LabCommands.runSupervisor() }
}

/// A node of a lab; started by the supervisor with the node's name, for `ps`.
struct LabNodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "lab-node", shouldDisplay: false)

    @Argument var name: String = ""

    func run() { LabCommands.runNode() }
}

/// The echo service of a node; started by the node.
struct LabServiceProcessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "lab-service", shouldDisplay: false)

    @Argument var name: String

    func run() { LabCommands.runService(name) }
}

/// Process 1 of a node's own kernel; started by that.
struct LabGuestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "lab-guest", shouldDisplay: false)

    func run() { LabCommands.runGuest() }
}

/// A command in the kernel of a node that has one of its own; started by links, `lab exec` and the node.
struct LabGuestRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "lab-guest-run", shouldDisplay: false)

    @Argument(parsing: .postTerminator) var words: [String]

    func run() { LabCommands.runInGuest(words) }
}

/// The client of a lab; started by the supervisor.
struct LabClientCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "lab-client", shouldDisplay: false)

    func run() { LabCommands.runClient() }
}
