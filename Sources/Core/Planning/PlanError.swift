import ClusterModel

/// Why a request cannot become a plan.
public enum PlanError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No node of that name.
    case unknownNode(String, known: [String])
    /// A bucket that the cluster does not have.
    case unknownBucket(Int, total: Int)
    /// The node is not heard well enough to be changed.
    case nodeNotLive(String, NodeState)
    /// The node is live, so that nothing may be taken from it behind its back.
    case nodeLive(String)
    /// The node does not carry the cluster address.
    case notAMember(String)
    /// There is no live node that could take buckets.
    case noTaker
    /// The nodes' settings differ, so that a bucket is not the same clients everywhere.
    case settingsDiffer(String)
    /// Two or more nodes answer the bucket.
    case conflict(Int, owners: [String])
    /// Nobody answers the bucket, and not every node is heard to confirm it.
    case orphanUnconfirmed(Int, silent: [String])
    /// The cluster is not as it was when the plan was made.
    case changedSince(String)
    /// A bucket of the plan that is to be taken back has gone to a third node since.
    case movedOn(Int, to: String)
    /// The target answers all of it already.
    case nothingToDo(String)
    /// Nothing is to be moved; the sentence says why.
    case nothingToMove(String)
    /// A weight that is no weight; the sentence says which.
    case wrongWeight(String)
    /// No rate is known yet.
    case noRates

    /// One sentence with the value and what would be right.
    public var description: String {
        switch self {
        case .unknownNode(let name, let known):
            "there is no node \"\(name)\": the nodes are \(known.joined(separator: ", "))"
        case .unknownBucket(let bucket, let total):
            "there is no bucket \(bucket): this cluster's buckets are 1 to \(total)"
        case .nodeNotLive(let name, let state):
            "\(name) is \(state.rawValue): a bucket moves only between live nodes, or by a take-over"
        case .nodeLive(let name): "\(name) is live: drain it; only a dead node's buckets are taken over"
        case .notAMember(let name): "\(name) carries no cluster address, so it cannot answer a bucket"
        case .noTaker: "there is no other live node that could take the buckets"
        case .settingsDiffer(let what): "\(what): make the nodes' settings equal before a bucket moves"
        case .conflict(let bucket, let owners):
            "bucket \(bucket) is answered by \(owners.joined(separator: " and ")): repair that first"
        case .orphanUnconfirmed(let bucket, let silent):
            "nobody is seen to answer bucket \(bucket), but \(silent.joined(separator: ", ")) cannot be asked"
        case .changedSince(let what): "the plan is stale: \(what); plan again"
        case .movedOn(let bucket, let node):
            "it cannot be taken back whole: bucket \(bucket) has gone to \(node) since. Move back what should be elsewhere; "
                + "`clusterip journal resume` completes what is left of it, or closes it"
        case .nothingToDo(let name): "\(name) answers all of these buckets already"
        case .nothingToMove(let why), .wrongWeight(let why): why
        case .noRates: "no rates are measured yet: they need two samples of every node"
        }
    }
}
