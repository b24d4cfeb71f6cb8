import ClusterModel
import Execution
import Journal
import NodeLinks
import Planning
import Wording

/// Finish, undo or leave what was stopped.
extension PlanSession {
    var canOffer: Bool {
        interrupts.isStopping && !interrupts.isTerminated && format == .table && CommandIO.canAsk
    }

    /// Asks whether to complete or to take back what was stopped; nil when it is left as it is.
    func offer(_ outcome: PlanOutcome) throws -> ExitStatus? {
        guard canOffer else { return nil }
        let operation = outcome.plan.operation
        interrupts.reset()
        let plan = outcome.recovery.plan
        CommandIO.print("\nstopped on the way:\n" + BucketPlaces(outcome.recovery).text)
        for _ in 0..<3 {
            let answer = connection.ask("finish, undo, or leave it? ") { [interrupts] in interrupts.isStopping }
            // What could not be read before may be heard again.
            switch answer?.lowercased() {
            case "finish", "f": return try complete(connection.recovery(of: plan))
            case "undo", "u": return try takeBack(connection.recovery(of: plan))
            case "leave", "leave it", "l", nil:
                if answer == nil { CommandIO.offer("\n") }
                CommandIO.complain("left as it is: \(CutOffNotice.remedy(operation))")
                return nil
            default: continue
            }
        }
        CommandIO.complain("left as it is: \(CutOffNotice.remedy(operation))")
        return nil
    }

    private func complete(_ recovery: Recovery) throws -> ExitStatus {
        try carryOut(
            PlanExecution(
                planned { () throws(PlanError) in try recovery.completion(operation: OperationID.make()) },
                options: closing),
            resolving: .init(operation: recovery.plan.operation, ending: .resumed))
    }

    private func takeBack(_ recovery: Recovery) throws -> ExitStatus {
        guard let snapshot = connection.fleet.snapshot else {
            throw CommandError("no node of the cluster could be reached")
        }
        let marked = try planned { () throws(PlanError) in
            try recovery.reversal(operation: OperationID.make(), snapshot: snapshot)
        }
        let status = try carryOut(
            PlanExecution(marked, options: closing),
            resolving: .init(operation: recovery.plan.operation, ending: .undone))
        return status == .done ? .declined : status
    }

    private func planned(_ body: () throws(PlanError) -> MarkedPlan) throws(CommandError) -> MarkedPlan {
        do throws(PlanError) { return try body() } catch { throw CommandError(error.sentence, status: .partly) }
    }
}
