import ClusterModel
import Responsibility

/// A checked change of a cluster, worked out and not yet begun.
public struct Plan: Hashable, Sendable {
    /// What it is for.
    public var kind: PlanKind
    /// Why the operator wants it, in their own words; nil when they gave no reason.
    public var reason: String?
    /// The cluster address.
    public var address: IPAddress
    /// The id of the operation; letters, digits and '-'.
    public var operation: String
    /// What it changes.
    public var work: PlanWork
    /// What may go wrong or be noticed by clients.
    public var risks: [Risk]
    /// Ownership of each node, by name, when the plan was made.
    public var before: [String: Ownership]
    /// What is touched on each node that gives buckets up, by name; nil when nothing is known of it.
    public var impact: [String: Impact]?
    /// How a load is spread before and after; nil when the plan is not about that.
    public var balance: Balance?
    /// Buckets that nodes drain which are not in `before`, because the plan asks nothing of them.
    public var drainedElsewhere: BucketSet?
    /// What the members are told of who is a member; nil: nothing.
    public var roster: Roster?
    /// How many buckets the cluster has; nil in plans of 0.1.
    public var bucketCount: Int?
    /// Living nodes that have neither a table nor the cluster address, and so answer nothing; they must stay so.
    public var absent: Set<String>

    /// A plan from its parts.
    public init(
        _ kind: PlanKind, _ work: PlanWork, reason: String? = nil, address: IPAddress, operation: String,
        risks: [Risk] = [], before: [String: Ownership], impact: [String: Impact]? = nil, balance: Balance? = nil,
        drainedElsewhere: BucketSet? = nil, roster: Roster? = nil, bucketCount: Int? = nil, absent: Set<String> = []
    ) {
        self.kind = kind
        self.work = work
        self.reason = reason
        self.address = address
        self.operation = operation
        self.risks = risks
        self.before = before
        self.impact = impact
        self.balance = balance
        self.drainedElsewhere = drainedElsewhere
        self.roster = roster
        self.bucketCount = bucketCount
        self.absent = absent
    }

    /// The request of a step of the plan that makes these changes.
    public func request(_ changes: [StepRequest.Change], as role: OperationMark.Role = .step) -> StepRequest {
        StepRequest(
            operation: OperationMark(operation, role).text, address: address, changes: changes,
            bucketCount: bucketCount)
    }
}

/// What a plan changes.
public enum PlanWork: Hashable, Sendable {
    /// Buckets move from node to node, in a mode.
    case moves([Move], MoveMode)
    /// Nothing moves: on each node, by name, draining and adopting end that earlier plans have left behind, and what it owns
    /// here is adopted for a while.
    case finalization([String: Ownership])
    /// Nodes, by name, become members, are made anew or leave; then buckets move, in a mode.
    case membership([String: MembershipChange], then: [Move], MoveMode)
}

/// One bucket's way from its owner to another node.
public struct Move: Hashable, Sendable, Codable {
    /// The bucket.
    public var bucket: Int
    /// The node that gives it up; nil for an orphan or a dead owner.
    public var from: String?
    /// The node that gets it.
    public var to: String

    /// A move from its parts.
    public init(bucket: Int, from: String?, to: String) {
        self.bucket = bucket
        self.from = from
        self.to = to
    }
}

/// How the old owner gives up a bucket.
public enum MoveMode: String, CaseIterable, Sendable, Codable {
    /// It keeps its established connections and refuses new ones: owned → draining.
    case graceful
    /// It stops at once and forgets the bucket's connections: owned → nothing; the new owner resets them.
    case immediate
    /// It is dead: the new owner claims the bucket and resets connections it never saw.
    case takeOver = "take_over"
}

/// What a plan touches on a node that gives buckets up, as far as it is known.
public struct Impact: Hashable, Sendable, Codable {
    /// Live connections of the buckets; nil when nobody counted them.
    public var connections: Int?
    /// What the node accepts in the buckets; nil before rates are measured.
    public var rate: Rate?

    /// An impact from its parts.
    public init(connections: Int? = nil, rate: Rate? = nil) {
        self.connections = connections
        self.rate = rate
    }
}

extension Plan {
    /// Each bucket's way from one node to another; empty when nothing moves.
    public var moves: [Move] {
        get {
            switch work {
            case .moves(let moves, _), .membership(_, let moves, _): moves
            case .finalization: []
            }
        }
        set {
            if case .membership(let changes, _, let mode) = work {
                work = .membership(changes, then: newValue, mode)
            } else {
                work = .moves(newValue, mode)
            }
        }
    }

    /// How the old owners give up their buckets.
    public var mode: MoveMode {
        get {
            switch work {
            case .moves(_, let mode), .membership(_, _, let mode): mode
            case .finalization: .graceful
            }
        }
        set {
            if case .membership(let changes, let moves, _) = work {
                work = .membership(changes, then: moves, newValue)
            } else {
                work = .moves(moves, newValue)
            }
        }
    }

    /// What the plan does to the nodes' membership, by name; empty when it leaves that alone.
    public var membership: [String: MembershipChange] {
        if case .membership(let changes, _, _) = work { changes } else { [:] }
    }

    /// What is ended on each node, by name, when nothing moves: its draining, and its adopting; nil when buckets move.
    public var finalization: [String: Ownership]? {
        if case .finalization(let ended) = work { ended } else { nil }
    }

    /// The buckets that move.
    public var buckets: BucketSet { BucketSet(moves.map(\.bucket)) }

    /// The nodes that cannot be asked, and for which the operator's word stands that they answer nothing.
    ///
    /// It must hold until the plan has ended.
    public var vouchedFor: Set<String> { Set(risks.filter(\.mustBeForced).flatMap(\.silent)) }

    /// Whether a live node other than these was seen to drain a bucket when the plan was made: it keeps connections.
    public func isDrained(_ bucket: Int, besides nodes: Set<String>) -> Bool {
        if drainedElsewhere?.contains(bucket) == true { return true }
        let dead = Set(risks.flatMap(\.silent))
        return before.contains { node, ownership in
            !nodes.contains(node) && !dead.contains(node) && ownership.draining.contains(bucket)
        }
    }
}

/// What follows from a plan's work: a new kind of work says so here.
extension Plan {
    /// The steps that carry the plan out, in the order in which they can be made, each with those that it waits for.
    public var steps: [PlanStep] {
        switch work {
        case .moves: MoveSteps(self).all
        case .finalization: FinalizationSteps(self).all
        case .membership: MembershipSteps(self).all + MoveSteps(self).all
        }
    }

    /// The nodes that take part, in order of name.
    public var nodes: [String] {
        Set(moves.map(\.to)).union(moves.lazy.compactMap(\.from)).union((finalization ?? [:]).keys)
            .union(membership.keys).union(roster?.readers ?? []).sorted()
    }

    /// Ownership of each node after the plan, by name; what drains or is adopted may end later.
    public var after: [String: Ownership] {
        switch work {
        case .moves: MoveSteps(self).after
        case .finalization: before
        case .membership(let changes, _, _):
            MoveSteps(self).after.merging(
                changes.compactMap { node, change in
                    if case .end = change { (node, Ownership()) } else { nil }
                }
            ) { _, left in left }
        }
    }

    /// The moves that take the plan back: to the old owners, of what the new ones did not answer before.
    public var inverse: [Move] {
        moves.compactMap { move in
            guard let from = move.from, before[move.to]?.accepts(move.bucket) != true else { return nil }
            return Move(bucket: move.bucket, from: move.to, to: from)
        }
    }

    /// The nodes whose connections the plan leaves to end by themselves, each with the buckets that begin to drain.
    ///
    /// What drains there since an earlier plan is not this plan's: it neither waits for it nor resets it.
    public var drains: [String: BucketSet] {
        switch work {
        case .moves(_, .graceful), .membership(_, _, .graceful):
            MoveSteps(self).releases.reduce(into: [:]) {
                if !mustDoWithout(.draining, on: $1.node) { $0[$1.node] = $1.buckets }
            }
        case .moves, .membership: [:]
        case .finalization(let ended): ended.mapValues(\.draining).filter { !$0.value.isEmpty }
        }
    }

    /// Whether new owners reset connections that they do not know, from the claim on until that is ended.
    public var adopts: Bool { mode != .graceful }

    /// The risks of resetting what has not ended when a wait of so many seconds is over.
    public func deadlineRisks(_ seconds: Double) -> [Risk] {
        drains.sorted { $0.key < $1.key }.map { .connectionsReset(node: $0.key, $0.value, after: seconds) }
    }
}
