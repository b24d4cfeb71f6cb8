import ClusterModel
import Execution
import Journal
import NodeLinks
import Planning
import Wording

/// What is said when a plan is refused because its world has changed: what changed, and whose hand it was.
struct StaleNotice {
    let fleet: Fleet
    let journal: Journal

    /// Reads who wrote what changed; the completion gets the sentence, or nil when the plan is current.
    func look(_ plan: Plan, _ snapshot: ClusterSnapshot, completion: @escaping (String?) -> Void) {
        guard let staleness = Staleness(plan, in: snapshot) else { return completion(nil) }
        KernelReader(fleet, timeout: KernelReader.patience(buckets: plan.bucketCount)).read(
            plan.address, nodes: [staleness.node]
        ) { found in
            let writer = staleness.buckets.first { _ in true }.flatMap {
                found.kernels[staleness.node]?.operations[$0]
            }
            let winner = Overtaking.winner(writer, [staleness.node], journal, fleet.snapshot)
            completion(
                "nothing was changed: the plan is stale: \(staleness.sentence); changed by \(winner). Plan again")
        }
    }
}
