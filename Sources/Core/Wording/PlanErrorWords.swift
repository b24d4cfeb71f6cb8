import ClusterModel
import Planning
import Responsibility

extension PlanError {
    /// One sentence with the value and what would be right.
    public var sentence: String {
        switch self {
        case .unknownNode(let name, let known):
            "there is no node \"\(name)\": the nodes are \(known.joined(separator: ", "))"
        case .unknownBucket(let bucket, let total):
            "there is no bucket \(bucket): this cluster's buckets are 1 to \(total)"
        case .nodeNotLive(let name, let state):
            "\(name) is \(state.rawValue): a bucket moves only between live nodes, or by a take-over"
        case .nodeLive(let name): "\(name) is live: drain it; only a dead node's buckets are taken over"
        case .sameMachine(let node, let other):
            "\(node) and \(other) are one machine: let their links in the cluster file lead to two"
        case .notAMember(let name):
            "\(name) is no member, so it cannot answer a bucket: `clusterip join \(name)` makes it one"
        case .readOnly(let node):
            "the agent of \(node) was started with --read-only: start it without, or leave \(node) out"
        case .driverCannot(let node, let driver, let lack): "\(node)'s driver \(driver) \(lack.sentence)"
        case .notCounted(let node, let driver):
            "\(node)'s driver \(driver) does not count what it accepts: rebalance by count or by weight"
        case .noTaker: "there is no other live node that could take the buckets"
        case .settingsDiffer(let node, let its, let most):
            "\(node) places flows by \(its.schemeText), most nodes by \(most.schemeText): make the nodes' settings "
                + "equal before a bucket moves"
        case .conflict(let bucket, let owners):
            "bucket \(bucket) is answered by \(Lists.and(owners)): repair that first"
        case .orphanUnconfirmed(let bucket, let silent):
            "nobody is seen to answer bucket \(bucket), but \(silent.joined(separator: ", ")) cannot be asked"
        case .cannotJoin(let node, let obstacle): "\(node) cannot join: \(obstacle.sentence)"
        case .memberDiffers(let node, let its, let wanted):
            "\(node) is a member with \(Self.difference(its, wanted)); all nodes of a cluster must be equal"
        case .ownedElsewhere(let buckets, let owner, let wanted):
            "\(owner) owns \(buckets.named), so \(wanted) cannot begin with it; to move it: "
                + "`clusterip move \(buckets.summary) --to \(wanted)`"
        case .stillOwner(let node, let buckets):
            "\(node) owns \(buckets.named): `clusterip drain \(node)` gives that to others first; "
                + "`clusterip uninstall` ends the whole cluster"
        case .noMember: "no node is a member: `clusterip install` makes the cluster"
        case .wrongSize(let total, let now):
            "\(now) buckets cannot become \(total): no flow changes its node only with a multiple or a divisor of \(now), "
                + "up to 65536"
        case .divided(let bucket, let factor, let node):
            "the buckets \((bucket - 1) * factor + 1) to \(bucket * factor) would become one, and \(node) does not have them "
                + "all in one state: move them to one node first"
        case .changedSince(let staleness): "the plan is stale: \(staleness.sentence); plan again"
        case .movedOn(let bucket, let node):
            "it cannot be taken back whole: bucket \(bucket) has gone to \(node) since. Move back what should be elsewhere; "
                + "`clusterip journal resume` completes what is left of it, or closes it"
        case .wrongWeight(let weight, let node): "\(weight) is not a weight for \(node): a weight is 0 to 1000000"
        case .noWeight: "every live node would weigh 0: at least one must weigh more"
        case .noRates: "no rates are measured yet: they need two samples of every node"
        case .nothingToDo(let why): why.sentence
        case .cannotFinish(let operation, let obstacle):
            "nothing of \(operation) can be completed now: \(obstacle.sentence)"
        }
    }
}

extension PlanError {
    /// The settings in which a member differs from what is wanted, as options of `clusterip install` have them.
    private static func difference(_ its: ClusterConfiguration, _ wanted: ClusterConfiguration) -> String {
        let settings: [(option: String, its: String, wanted: String)] = [
            ("--hashmode", its.scheme.name, wanted.scheme.name),
            ("--total-nodes", "\(its.bucketCount)", "\(wanted.bucketCount)"),
            ("--hash-init", its.scheme.seedText, wanted.scheme.seedText),
            ("--mac", "\(its.mac)", "\(wanted.mac)"),
        ]
        return Lists.and(
            settings.filter { $0.its != $0.wanted }.map { "\($0.option) \($0.its), not \($0.wanted)" })
    }
}

extension PlanError.NothingToDo {
    /// One sentence that says what is so already.
    public var sentence: String {
        switch self {
        case .answered(let node): "\(node) answers all of these buckets already"
        case .nothingToDrain(let node, let keeps):
            "\(node) answers no bucket: there is nothing to drain"
                + (keeps.isEmpty
                    ? "" : "; it keeps connections of \(keeps.summary), see `clusterip settle \(node) --wait 10m`")
        case .fairShare(let node, let count, let total):
            "\(node) has its fair share already: it answers \(count) buckets of \(total)"
        case .nothingToTakeOver(let node):
            "every bucket of \(node) is answered by another node: there is nothing to take over"
        case .nothingToRepair: "every bucket has exactly one owner: there is nothing to repair"
        case .ownersOutOfReach: "the buckets without an owner belong to nodes out of reach: take them over"
        case .balanced: "the buckets are spread fairly already: nothing is to be moved"
        case .indivisible: "the load cannot be spread better by moving whole buckets"
        case .nothingToFinalize(let node?): "\(node) drains or adopts no bucket"
        case .nothingLost(let node):
            "no TCP segment reached \(node ?? "any node") of late that belongs to no connection: nothing is lost that was seen"
        case .nothingToFinalize(nil): "no node drains or adopts any bucket"
        case .allMembers: "every node is a member already"
        case .alreadyMember(let node): "\(node) is a member already"
        case .noMember(let node): "\(node) is no member"
        case .noMembers: "no node is a member"
        case .sameSize(let total): "every node has \(total) buckets already"
        case .nothingToUndo: "there is nothing to take back: every bucket is where it came from"
        case .nothingToFinish: "there is nothing to finish: every bucket is where the plan wanted it"
        }
    }
}

extension RecoveryObstacle {
    /// What keeps the plan from being completed, a clause.
    public var sentence: String {
        switch self {
        case .changed(let bucket, let operation):
            "bucket \(bucket) was changed since by \(operation?.madeSafe(limit: 64) ?? "another program")"
        case .unreadable(let node): "\(node) cannot be read"
        case .needsNewPlan: "what nobody answers needs a new plan that asks every node, such as `clusterip repair`"
        }
    }
}
