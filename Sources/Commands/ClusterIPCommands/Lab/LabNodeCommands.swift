import ArgumentParser
import Lab

/// `clusterip lab kill`.
struct LabKillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill", abstract: "Take a node's power away: it is gone at once, with everything in its kernel.",
        discussion: """
            Its cable is pulled first; then its processes end, and those of `lab exec` and of links to it. \
            `clusterip lab boot` brings it back. With --service only the program that answers clients dies, and the \
            kernel goes on.

            Examples:
              clusterip lab kill node2
              clusterip lab kill node2 --service
            """)

    @Argument(help: "node1, node2, …") var node: String

    @Flag(help: "Kill the node's service alone.") var service = false

    func run() throws {
        try CommandIO.inLab { lab throws(LabError) in
            service ? try lab.service(node, .kill) : try lab.kill(node)
        }
    }
}

/// `clusterip lab boot`.
struct LabBootCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "boot", abstract: "Boot a node that was killed, and wait until it is up.",
        discussion: """
            It has a new kernel that knows nothing, and does what the units of a node do: it becomes a member that owns \
            nothing. `clusterip restore` gives it back what was taken over meanwhile, `clusterip repair` what nobody owns.

            Example: clusterip lab boot node2
            """)

    @Argument(help: "node1, node2, …") var node: String

    func run() throws { try CommandIO.inLab { lab throws(LabError) in try lab.boot(node) } }
}

/// `clusterip lab service`.
struct LabServiceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service", abstract: "Make a node's service die, hang or go on, while its kernel goes on.",
        discussion: """
            kill closes its port; start starts it again. stop makes it hang with its port open, as SIGSTOP does; \
            continue ends that.

            Examples:
              clusterip lab service node2 stop
              clusterip lab service node2 continue
            """)

    @Argument(help: "node1, node2, …") var node: String

    @Argument(help: "kill, start, stop or continue.") var action: ServiceAction

    func run() throws { try CommandIO.inLab { lab throws(LabError) in try lab.service(node, action) } }
}

extension ServiceAction: ExpressibleByArgument {}

extension CommandIO {
    /// Does something with the lab that is up.
    fileprivate static func inLab(_ body: (LabState) throws(LabError) -> Void) throws {
        try run {
            try CommandError.inLab { () throws(LabError) in
                guard let lab = Lab.find() else { throw .noLab }
                try body(lab)
            }
            return .done
        }
    }
}
