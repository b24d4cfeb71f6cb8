import ClusterModel

/// Where the buckets of a plan are, by what the kernels hold, and the plans that complete it or take it back.
///
/// It believes the kernels alone, no journal. Beside each bucket stands the mark of the operation that wrote its state, so
/// that a step which was made can be told from one that was not. The kernels may have changed since they were read: the
/// steps expect the marks that were read, and are refused then.
public struct Recovery: Hashable, Sendable {
    /// What one node's kernel holds.
    public struct Kernel: Hashable, Sendable {
        /// The buckets and their states.
        public var ownership: Ownership
        /// The operation that wrote each bucket's state.
        public var operations: [Int: String]
        /// The settings of its table; nil when they were not read.
        public var configuration: ClusterConfiguration?

        /// A kernel from its parts.
        public init(ownership: Ownership, operations: [Int: String], configuration: ClusterConfiguration? = nil) {
            self.ownership = ownership
            self.operations = operations
            self.configuration = configuration
        }

        /// The operation of which a part wrote a bucket's state.
        func writer(of bucket: Int) -> String? {
            operations[bucket].map { OperationMark(parsing: $0)?.operation ?? $0 }
        }
    }

    /// How far a move has come.
    public enum Place: Hashable, Sendable {
        /// Where it was before the plan.
        case untouched
        /// Its old owner released it, and nobody has it since: only this plan may claim it.
        case released
        /// Where the plan wants it.
        case moved
        /// Another operation has changed it since; who, when the kernel knows.
        case overtaken(by: String?)
        /// A node that must be asked for it is not heard.
        case unseen(node: String)
    }

    /// The plan.
    public let plan: Plan
    /// How far each bucket of the plan has come.
    public let places: [Int: Place]
    /// How far the membership of each node has come that the plan changes, by name.
    public let members: [String: Place]
    private let kernels: [String: Kernel]
    private let bare: Set<String>

    /// Looks at what the kernels hold; a node that cannot be read is left out.
    ///
    /// - Parameter bare: the nodes that were asked and have no table.
    public init(plan: Plan, kernels: [String: Kernel], bare: Set<String> = []) {
        self.plan = plan
        self.kernels = kernels
        self.bare = bare
        places = Dictionary(
            plan.moves.map { ($0.bucket, Self.place(of: $0, in: plan, kernels, bare)) }
        ) { first, _ in first }
        members = Dictionary(
            uniqueKeysWithValues: plan.membership.map { name, change in
                (name, change.place(on: name, kernels[name], isBare: bare.contains(name)))
            })
    }

    /// Whether a node counts in other buckets than the plan left it with: somebody has resized the cluster meanwhile.
    var isResized: Bool {
        kernels.contains { name, kernel in
            guard let count = kernel.configuration?.bucketCount else { return false }
            return count != plan.membership[name]?.configuration.bucketCount ?? plan.bucketCount ?? count
        }
    }

    /// The buckets at a place.
    public func buckets(_ place: Place) -> BucketSet { BucketSet(places.filter { $0.value == place }.keys) }

    /// The nodes that must be read for a plan.
    public static func nodes(of plan: Plan) -> [String] { plan.before.keys.sorted() }

    /// Whether some bucket is between two nodes, or not all have gone the same way.
    public var isUnfinished: Bool {
        let places = Set(places.values).union(members.values)
        return places != [.moved] && places != [.untouched]
    }

    /// What completes the plan, under a new operation's id; nil when nothing can or need be done.
    ///
    /// What the plan found without an owner, and is without one still, is for a new plan: only that asks every node again.
    public func finishing(operation: String) -> MarkedPlan? {
        guard plan.membership.isEmpty else { return finishingMembership(operation: operation) }
        let moves = plan.moves.compactMap { move -> Move? in
            switch places[move.bucket] {
            case .untouched: plan.mode == .takeOver || move.from == nil ? nil : move
            case .released: Move(bucket: move.bucket, from: nil, to: move.to)
            default: nil
            }
        }
        return next(.finish(plan.kind), operation, moves, plan.mode)
    }

    /// What ends the draining and the adopting that the plan left behind, under a new operation's id; nil when nothing is left.
    public func closing(operation: String) -> MarkedPlan? {
        var left: [String: Ownership] = [:]
        for move in plan.moves where places[move.bucket] == .moved {
            for node in [move.from, move.to].compactMap({ $0 }) where isMine(move.bucket, on: node) {
                switch kernels[node]?.ownership.state(of: move.bucket) {
                case .draining: left[node, default: Ownership()].draining.insert(move.bucket)
                case .adopted: left[node, default: Ownership()].adopted.insert(move.bucket)
                case .owned, nil: break
                }
            }
        }
        guard !left.isEmpty else { return nil }
        return marked(
            Plan(
                .finish(plan.kind), .finalization(left), reason: plan.reason, address: plan.address,
                operation: operation, before: kernels.mapValues(\.ownership), drainedElsewhere: plan.drainedElsewhere))
    }

    /// What completes a plan that changes members: the changes that were not made, and what nobody owns still.
    ///
    /// Every node is asked again, as by a new plan; so each must be readable now.
    private func finishingMembership(operation: String) -> MarkedPlan? {
        let changes = plan.membership.filter { members[$0.key] == .untouched }
        let moves = plan.moves.filter { $0.from == nil && places[$0.bucket] == .untouched }
        guard !changes.isEmpty || !moves.isEmpty,
            plan.before.keys.allSatisfy({ kernels[$0] != nil || bare.contains($0) })
        else { return nil }
        var next = plan
        (next.kind, next.operation) = (.finish(plan.kind), operation)
        next.work = .membership(changes, then: moves, plan.mode)
        next.before = plan.before.mapValues { _ in Ownership() }
        for (name, kernel) in kernels where changes[name]?.isEmptying != true && next.before[name] != nil {
            next.before[name] = kernel.ownership
        }
        return MarkedPlan(plan: next)
    }

    private func isMine(_ bucket: Int, on node: String) -> Bool {
        kernels[node]?.writer(of: bucket) == plan.operation
    }

    /// What takes the plan back, under a new operation's id; nil when nothing can or need be done.
    public func undoing(operation: String) -> MarkedPlan? {
        let moves = plan.moves.compactMap { move -> Move? in
            guard let from = move.from else { return nil }
            switch places[move.bucket] {
            case .moved: return Move(bucket: move.bucket, from: move.to, to: from)
            case .released: return Move(bucket: move.bucket, from: nil, to: from)
            default: return nil
            }
        }
        return next(.undo(plan.kind), operation, moves, plan.mode == .immediate ? .immediate : .graceful)
    }

    /// A plan that believes what was read.
    ///
    /// What this plan released can be claimed by nobody but its old and new owners without asking them, so no other node is
    /// asked.
    private func next(_ kind: PlanKind, _ operation: String, _ moves: [Move], _ mode: MoveMode) -> MarkedPlan? {
        guard !moves.isEmpty else { return nil }
        var next = plan
        (next.kind, next.operation, next.work) = (kind, operation, .moves(moves, mode))
        let involved = Set(plan.moves.map(\.to) + plan.moves.compactMap(\.from))
        next.before = kernels.filter { involved.contains($0.key) }.mapValues(\.ownership)
        next.drainedElsewhere = kernels.filter { !involved.contains($0.key) }
            .reduce(BucketSet()) { $0.union($1.value.ownership.draining) }
        return marked(next)
    }

    private func marked(_ plan: Plan) -> MarkedPlan {
        MarkedPlan(plan: plan, marks: kernels.mapValues(\.operations))
    }

    private static func place(
        of move: Move, in plan: Plan, _ kernels: [String: Kernel], _ bare: Set<String>
    ) -> Place {
        guard let target = kernels[move.to] else {
            return move.from == nil && bare.contains(move.to) ? .untouched : .unseen(node: move.to)
        }
        let writer = target.writer(of: move.bucket)
        let answered = plan.before[move.to]?.accepts(move.bucket) == true
        if !answered, target.ownership.accepts(move.bucket) {
            return writer == plan.operation ? .moved : .overtaken(by: writer)
        }
        if let from = move.from, plan.mode != .takeOver {
            guard let source = kernels[from] else { return .unseen(node: from) }
            if source.ownership.accepts(move.bucket) { return .untouched }
            if answered { return target.ownership.accepts(move.bucket) ? .moved : .overtaken(by: writer) }
            let writer = source.writer(of: move.bucket)
            guard writer == plan.operation else { return .overtaken(by: writer) }
        } else if writer != plan.operation {
            return .untouched
        }
        return writer == plan.operation ? unclaimed(move, kernels) : .overtaken(by: writer)
    }

    /// The target has the operation's mark and has not claimed; somebody else may answer all the same.
    private static func unclaimed(_ move: Move, _ kernels: [String: Kernel]) -> Place {
        let owner = kernels.values.first { $0.ownership.accepts(move.bucket) }
        return owner.map { .overtaken(by: $0.writer(of: move.bucket)) } ?? (move.from == nil ? .untouched : .released)
    }
}

/// A plan, and the marks that were read when it was made.
public struct MarkedPlan: Hashable, Sendable {
    /// The plan.
    public var plan: Plan
    /// Which operation wrote each bucket's state, by node; nil: that is to be asked first.
    public var marks: [String: [Int: String]]?

    /// A plan with the marks that were read for it.
    public init(plan: Plan, marks: [String: [Int: String]]? = nil) {
        self.plan = plan
        self.marks = marks
    }
}

/// The one way in which an earlier plan is completed or taken back, from the command line and from the console.
extension Recovery {
    /// What completes the plan under a new operation's id: its moves, or what they have left draining and adopted.
    ///
    /// - Throws: `PlanError` when there is nothing to complete, or only a new plan can.
    public func completion(operation: String, reason: String? = nil) throws(PlanError) -> MarkedPlan {
        if var next = finishing(operation: operation) ?? closing(operation: operation) {
            next.plan.reason = reason ?? next.plan.reason
            return next
        }
        throw isReached ? .nothingToDo(.nothingToFinish) : .cannotFinish(operation: plan.operation, obstacle)
    }

    /// What takes the plan back under a new operation's id, in a cluster as it was last seen.
    ///
    /// - Throws: `PlanError` when there is nothing to take back, or a bucket is with a third node.
    public func reversal(
        operation: String, snapshot: ClusterSnapshot, reason: String? = nil
    ) throws(PlanError) -> MarkedPlan {
        guard plan.membership.isEmpty || plan.kind.isAboutMembers == false else {
            let planner = Planner(snapshot: snapshot, operation: operation, reason: reason)
            return MarkedPlan(plan: try planner.inverseMembership(of: plan))
        }
        let isOurs = places.values.allSatisfy { [.moved, .untouched, .released].contains($0) }
        if isOurs, isUnfinished, var next = undoing(operation: operation) {
            next.plan.reason = reason ?? next.plan.reason
            return next
        }
        let planner = Planner(snapshot: snapshot, operation: operation, reason: reason)
        return MarkedPlan(plan: try planner.inverse(of: plan))
    }

    /// Whether others have changed what the plan did not bring to its place, so that nothing of it can be completed any more.
    public var isOvertaken: Bool {
        !isReached && members.isEmpty
            && places.values.allSatisfy { place in
                if case .overtaken = place { return true }
                return place == .moved
            }
    }

    /// Whether every bucket is where the plan wanted it.
    public var isReached: Bool { isAll(.moved) }

    /// Whether every bucket is where it was before the plan.
    public var isUntouched: Bool { isAll(.untouched) }

    private func isAll(_ place: Place) -> Bool {
        places.values.allSatisfy { $0 == place } && members.values.allSatisfy { $0 == place }
    }

    /// What keeps what is left from being completed.
    private var obstacle: RecoveryObstacle {
        for (bucket, place) in places.sorted(by: { $0.key < $1.key }) {
            switch place {
            case .overtaken(let other): return .changed(bucket: bucket, by: other)
            case .unseen(let node): return .unreadable(node: node)
            case .untouched, .released, .moved: continue
            }
        }
        if let name = plan.before.keys.sorted().first(where: { kernels[$0] == nil && !bare.contains($0) }) {
            return .unreadable(node: name)
        }
        return .needsNewPlan
    }
}

extension Planner {
    /// A plan that takes another one back: every bucket that it gave to a node goes to where it came from.
    ///
    /// What never left its old owner, or is back there, is left out.
    ///
    /// - Throws: `PlanError` when a bucket is on a third node, or cannot move.
    public func inverse(of plan: Plan) throws(PlanError) -> Plan {
        var assignments: [(bucket: Int, target: Int)] = []
        for move in plan.inverse {
            try requireNoThird(move)
            assignments.append((move.bucket, try taker(move.to)))
        }
        return try self.plan(moves(assignments, else: .nothingToUndo), .graceful, for: .undo(plan.kind))
    }

    private func requireNoThird(_ move: Move) throws(PlanError) {
        guard let owner = snapshot.owner(of: move.bucket)?.name, owner != move.from, owner != move.to else { return }
        throw .movedOn(move.bucket, to: owner)
    }
}
