import ArgumentParser
import Execution
import Journal
import Planning
import Reactor

/// `clusterip journal resume`: completes an operation that was cut off or done in part.
struct JournalResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Complete an operation that was cut off, or done in part.",
        discussion: """
            Says where each of its buckets is by what the kernels hold now. What is not where the operation wanted it \
            is planned anew, shown, asked for and carried out. \(ExitStatus.help)
            """)

    @Argument(help: "The operation's id, or the beginning that only one has.") var id: String

    @OptionGroup var options: PlanOptions

    func run() throws {
        try Console.run {
            let settling = try Settling(id, .resumed, options)
            defer { settling.connection.close() }
            if let outcome = settling.operation.outcome, [.done, .resumed, .undone].contains(outcome) {
                throw CommandError("\(settling.operation.id) is \(outcome.rawValue): there is nothing to complete")
            }
            let recovery = Recovery(plan: settling.plan, kernels: kernels(settling))
            settling.say(BucketPlaces(recovery).text + "\n")
            if let execution = recovery.finishing(operation: OperationID.make()) {
                return try settling.carryOut(execution)
            }
            guard Set(recovery.places.values) == [.moved] else {
                throw CommandError(
                    "nothing of \(settling.operation.id) can be completed now; see where its buckets are")
            }
            return try settling.note()
        }
    }

    private func kernels(_ settling: Settling) -> [String: Recovery.Kernel] {
        var found: [String: Recovery.Kernel]?
        let reactor = settling.connection.reactor
        KernelReader(fleet: settling.connection.fleet)
            .read(settling.plan.address, nodes: Recovery.nodes(of: settling.plan)) { kernels in
                found = kernels
                reactor.stop()
            }
        if found == nil { reactor.run() }
        return found ?? [:]
    }
}
