import ClusterModel
import Planning

/// Where the buckets of a plan are, by what the kernels hold, and the plans that complete it or take it back.
///
/// Nothing that was written down elsewhere is believed: each ownership element names the operation that wrote it, which
/// tells a step that was made from one that was not. What was read may have changed when it is acted upon; the steps
/// name the authors that were read, so that such a step is refused.
public struct Recovery: Sendable {
    /// What one node's kernel holds.
    public struct Kernel: Hashable, Sendable {
        /// The buckets and their states.
        public var ownership: Ownership
        /// The operation that wrote each bucket's state.
        public var operations: [Int: String]

        /// A kernel from its parts.
        public init(ownership: Ownership, operations: [Int: String]) {
            self.ownership = ownership
            self.operations = operations
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
    private let kernels: [String: Kernel]

    /// Looks at what the kernels hold; a node that cannot be read is left out.
    public init(plan: Plan, kernels: [String: Kernel]) {
        self.plan = plan
        self.kernels = kernels
        places = Dictionary(plan.moves.map { ($0.bucket, Self.place(of: $0, in: plan, kernels)) }) { first, _ in first }
    }

    /// The buckets at a place.
    public func buckets(_ place: Place) -> BucketSet { BucketSet(places.filter { $0.value == place }.keys) }

    /// The nodes that must be read for a plan.
    public static func nodes(of plan: Plan) -> [String] { plan.before.keys.sorted() }

    /// Whether some bucket is between two nodes, or not all have gone the same way.
    public var isUnfinished: Bool {
        let places = Set(places.values)
        return places != [.moved] && places != [.untouched]
    }

    /// What completes the plan, under a new operation's id; nil when nothing can or need be done.
    ///
    /// What the plan found without an owner, and is without one still, is for a new plan: only that asks every node again.
    public func finishing(operation: String) -> PlanExecution? {
        let moves = plan.moves.compactMap { move -> Move? in
            switch places[move.bucket] {
            case .untouched: plan.mode == .takeOver || move.from == nil ? nil : move
            case .released: Move(bucket: move.bucket, from: nil, to: move.to)
            default: nil
            }
        }
        return execution("finish: \(plan.title)", operation, moves, mode: plan.mode)
    }

    /// What ends the draining and the adopting that the plan left behind, under a new operation's id; nil when nothing is left.
    public func closing(operation: String) -> PlanExecution? {
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
        var next = plan
        (next.title, next.operation, next.moves, next.risks) = ("finish: \(plan.title)", operation, [], [])
        (next.impact, next.balance) = (nil, nil)
        next.before = kernels.mapValues(\.ownership)
        next.closing = left
        return PlanExecution(plan: next, marks: kernels.mapValues(\.operations))
    }

    private func isMine(_ bucket: Int, on node: String) -> Bool {
        kernels[node]?.writer(of: bucket) == plan.operation
    }

    /// What takes the plan back, under a new operation's id; nil when nothing can or need be done.
    public func undoing(operation: String) -> PlanExecution? {
        let moves = plan.moves.compactMap { move -> Move? in
            guard let from = move.from else { return nil }
            switch places[move.bucket] {
            case .moved: return Move(bucket: move.bucket, from: move.to, to: from)
            case .released: return Move(bucket: move.bucket, from: nil, to: from)
            default: return nil
            }
        }
        return execution(
            "undo: \(plan.title)", operation, moves, mode: plan.mode == .immediate ? .immediate : .graceful)
    }

    /// An execution that believes what was read.
    ///
    /// What this plan released can be claimed by nobody but its old and new
    /// owners without asking them, so no other node is asked.
    private func execution(_ title: String, _ operation: String, _ moves: [Move], mode: MoveMode) -> PlanExecution? {
        guard !moves.isEmpty else { return nil }
        var next = plan
        next.title = title
        next.operation = operation
        next.moves = moves
        next.mode = mode
        let involved = Set(plan.moves.map(\.to) + plan.moves.compactMap(\.from))
        next.before = kernels.filter { involved.contains($0.key) }.mapValues(\.ownership)
        next.drainedElsewhere = kernels.filter { !involved.contains($0.key) }
            .reduce(BucketSet()) { $0.union($1.value.ownership.draining) }
        return PlanExecution(plan: next, marks: kernels.mapValues(\.operations))
    }

    private static func place(of move: Move, in plan: Plan, _ kernels: [String: Kernel]) -> Place {
        guard let target = kernels[move.to] else { return .unseen(node: move.to) }
        let author = target.writer(of: move.bucket)
        let answered = plan.before[move.to]?.accepting.contains(move.bucket) == true
        if !answered, target.ownership.accepting.contains(move.bucket) {
            return author == plan.operation ? .moved : .overtaken(by: author)
        }
        if let from = move.from, plan.mode != .takeOver {
            guard let source = kernels[from] else { return .unseen(node: from) }
            if source.ownership.accepting.contains(move.bucket) { return .untouched }
            if answered { return target.ownership.accepting.contains(move.bucket) ? .moved : .overtaken(by: author) }
            let author = source.writer(of: move.bucket)
            guard author == plan.operation else { return .overtaken(by: author) }
        } else if author != plan.operation {
            return .untouched
        }
        return author == plan.operation ? unclaimed(move, kernels) : .overtaken(by: author)
    }

    /// The target has the operation's mark and has not claimed; somebody else may answer all the same.
    private static func unclaimed(_ move: Move, _ kernels: [String: Kernel]) -> Place {
        let owner = kernels.values.first { $0.ownership.accepting.contains(move.bucket) }
        return owner.map { .overtaken(by: $0.writer(of: move.bucket)) } ?? (move.from == nil ? .untouched : .released)
    }
}

/// The one way in which an earlier plan is completed or taken back, from the command line and from the console.
extension Recovery {
    /// What completes the plan under a new operation's id: its moves, or what they have left draining and adopted.
    ///
    /// - Throws: `PlanError` when there is nothing to complete, or only a new plan can.
    public func completion(operation: String, reason: String? = nil, options: PlanExecution.Options = .init())
        throws(PlanError) -> PlanExecution
    {
        if let execution = finishing(operation: operation) ?? closing(operation: operation) {
            return execution.with(options: options, reason: reason)
        }
        if isReached {
            throw .nothingToMove("there is nothing to finish: every bucket is where the plan wanted it")
        }
        throw .nothingToMove("nothing of \(plan.operation) can be completed now: \(obstacle)")
    }

    /// What takes the plan back under a new operation's id, in a cluster as it was last seen.
    ///
    /// - Throws: `PlanError` when there is nothing to take back, or a bucket is with a third node.
    public func reversal(
        operation: String, snapshot: ClusterSnapshot, reason: String? = nil, options: PlanExecution.Options = .init()
    ) throws(PlanError) -> PlanExecution {
        let isOurs = places.values.allSatisfy { [.moved, .untouched, .released].contains($0) }
        if isOurs, isUnfinished, let execution = undoing(operation: operation) {
            return execution.with(options: options, reason: reason)
        }
        let inverse = try Planner(snapshot: snapshot, operation: operation, reason: reason).inverse(of: plan)
        return PlanExecution(plan: inverse, options: options)
    }

    /// Whether others have changed what the plan did not bring to its place, so that nothing of it can be completed any more.
    public var isOvertaken: Bool {
        !isReached
            && places.values.allSatisfy { place in
                if case .overtaken = place { return true }
                return place == .moved
            }
    }

    /// Whether every bucket is where the plan wanted it.
    public var isReached: Bool { places.values.allSatisfy { $0 == .moved } }

    /// Why what is left cannot be completed.
    private var obstacle: String {
        for (bucket, place) in places.sorted(by: { $0.key < $1.key }) {
            switch place {
            case .overtaken(let other):
                return "bucket \(bucket) was changed since by \(other?.madeSafe(limit: 64) ?? "another program")"
            case .unseen(let node): return "\(node) cannot be read"
            case .untouched, .released, .moved: continue
            }
        }
        return "what nobody answers needs a new plan that asks every node, such as `clusterip repair`"
    }
}
