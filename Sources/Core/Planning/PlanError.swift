import ClusterModel

/// Why a request cannot become a plan.
public enum PlanError: Error, Hashable, Sendable {
    /// No node of that name.
    case unknownNode(String, known: [String])
    /// A bucket that the cluster does not have.
    case unknownBucket(Int, total: Int)
    /// The node is not heard well enough to be changed.
    case nodeNotLive(String, NodeState)
    /// The node is live, so that nothing may be taken from it behind its back.
    case nodeLive(String)
    /// The node and another one are the same machine, so that what is done to the one happens to both.
    case sameMachine(String, as: String)
    /// The node does not carry the cluster address.
    case notAMember(String)
    /// The node's agent was started to change nothing.
    case readOnly(node: String)
    /// The node's driver never does what the plan would ask of it.
    case driverCannot(node: String, driver: String, Capabilities.Lack)
    /// The node's driver does not count what it accepts.
    case notCounted(node: String, driver: String)
    /// There is no live node that could take buckets.
    case noTaker
    /// A node places flows otherwise than most, so that a bucket is not the same clients everywhere.
    case settingsDiffer(node: String, its: ClusterConfiguration, most: ClusterConfiguration)
    /// Two or more nodes answer the bucket.
    case conflict(Int, owners: [String])
    /// Nobody answers the bucket, and not every node is heard to confirm it.
    case orphanUnconfirmed(Int, silent: [String])
    /// The node cannot become a member, by what its agent says of itself.
    case cannotJoin(String, DriverObstacle)
    /// A member has other settings than those that are wanted.
    case memberDiffers(String, its: ClusterConfiguration, wanted: ClusterConfiguration)
    /// A node owns buckets that are wanted for another.
    case ownedElsewhere(BucketSet, owner: String, wantedBy: String)
    /// The node owns buckets, so that it cannot leave.
    case stillOwner(String, BucketSet)
    /// No node is a member, so that there is nothing to join.
    case noMember
    /// So many buckets can neither be divided out of those there are, nor united.
    case wrongSize(Int, now: Int)
    /// The buckets that would become this one, so many at a time, are in different states on the node.
    case divided(bucket: Int, by: Int, node: String)
    /// The cluster is not as it was when the plan was made.
    case changedSince(Staleness)
    /// A bucket of the plan that is to be taken back has gone to a third node since.
    case movedOn(Int, to: String)
    /// The weight is no number from 0 to a million.
    case wrongWeight(Double, node: String)
    /// Every live node would weigh 0.
    case noWeight
    /// No rate is known yet.
    case noRates
    /// What was asked for is so already, or cannot be so by moving buckets.
    case nothingToDo(NothingToDo)
    /// Nothing of an earlier plan can be completed now.
    case cannotFinish(operation: String, RecoveryObstacle)

    /// Why there is nothing to do.
    public enum NothingToDo: Hashable, Sendable {
        /// The node answers all of the buckets already.
        case answered(by: String)
        /// The node answers no bucket; it may still keep connections of these.
        case nothingToDrain(node: String, keeps: BucketSet)
        /// The node has its fair share already.
        case fairShare(node: String, has: Int, of: Int)
        /// Every bucket of the node is answered by another.
        case nothingToTakeOver(node: String)
        /// Every bucket has exactly one owner.
        case nothingToRepair
        /// The buckets without an owner belong to nodes out of reach.
        case ownersOutOfReach
        /// The buckets are spread fairly already.
        case balanced
        /// The load cannot be spread better by moving whole buckets.
        case indivisible
        /// Neither the node nor, when nil, any node drains or adopts a bucket.
        case nothingToFinalize(node: String?)
        /// No connection of the node's buckets was seen to be lost.
        case nothingLost(node: String?)
        /// Every node is a member.
        case allMembers
        /// The node is a member.
        case alreadyMember(String)
        /// The node is no member.
        case noMember(String)
        /// No node is a member.
        case noMembers
        /// Every node has so many buckets.
        case sameSize(Int)
        /// Every bucket is where it came from.
        case nothingToUndo
        /// Every bucket is where the earlier plan wanted it.
        case nothingToFinish
    }
}

/// What keeps an earlier plan from being completed.
public enum RecoveryObstacle: Hashable, Sendable {
    /// The bucket was changed since, by this operation; nil: by another program.
    case changed(bucket: Int, by: String?)
    /// The node cannot be read.
    case unreadable(node: String)
    /// What nobody answers needs a plan that asks every node.
    case needsNewPlan
}
