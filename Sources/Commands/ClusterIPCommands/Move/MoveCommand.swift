import ArgumentParser
import ClusterModel
import Execution
import Planning

/// `clusterip move`: give buckets to another node.
struct MoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "move", abstract: "Give buckets to another node, without ever making two owners.",
        discussion: """
            Shows the plan, asks, and carries it out: the old owner releases first, and only then the new owner claims. \
            Gracefully, the old owner keeps its established TCP connections until they end. Then the kernels are read \
            again, and what they show is printed.

            Examples:
              clusterip move 3,7-9 --to node2
              clusterip move 3 --to node2 --dry-run
              clusterip move 1-16 --to node1 --yes

            \(ExitStatus.help)
            """)

    @Argument(help: "Buckets, such as 3,7-9.") var buckets: String

    @Option(help: "The node that is to answer them.") var to: String

    @OptionGroup var cluster: ClusterOptions

    @Flag(help: "Carry the plan out without asking.") var yes = false

    @Flag(help: "Show the plan and end.") var dryRun = false

    @Option(help: ArgumentHelp("Carry the plan out in spite of this risk; may be repeated.", valueName: "risk"))
    var force: [String] = []

    func run() throws {
        try Console.run {
            let connection = try ClusterConnection(cluster.load())
            defer { connection.close() }
            CutOffNotice.complain(cluster: connection.file.name)
            let snapshot = try connection.settledSnapshot()
            let plan = try makePlan(snapshot)
            Console.print(PlanText(plan: plan).text)
            if dryRun { return .done }
            if let risk = plan.risks.first(where: { $0.mustBeForced && !force.contains($0.name) }) {
                throw CommandError("not done: \(risk.text). To move all the same: --force \(risk.name)")
            }
            guard try yes || PlanPrompt.confirms(plan) else { return .declined }
            return try PlanProgress(connection: connection, plan: plan).run()
        }
    }

    private func makePlan(_ snapshot: ClusterSnapshot) throws(CommandError) -> Plan {
        let buckets: BucketSet
        do throws(BucketSetError) {
            buckets = try BucketSet(parsing: self.buckets, total: snapshot.configuration.totalNodes)
        } catch { throw CommandError(error.description) }
        do throws(PlanError) {
            return try Planner(snapshot: snapshot, operation: OperationID.make()).move(buckets, to: to)
        } catch { throw CommandError(error.description) }
    }
}
