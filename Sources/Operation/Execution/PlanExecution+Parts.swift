import ClusterModel
import Planning

extension PlanExecution {
    /// What is done beyond the plan's steps.
    public struct Options: Hashable, Sendable {
        /// After a graceful plan, wait so many seconds for the old owners' connections to end.
        ///
        /// A node without any ends its draining at once. nil: the buckets drain on.
        public var drainWithin: Double?
        /// What becomes of the connections that are left then.
        public var atDeadline: Deadline
        /// Make buckets that this execution adopted owned after so many seconds; nil: they stay adopted.
        public var settleAfter: Double?
        /// Nodes that cannot be asked and that the operator has said to be dead: their word is not waited for.
        public var vouchedFor: Set<String>

        /// Options from their parts.
        public init(
            drainWithin: Double? = nil, atDeadline: Deadline = .keep, settleAfter: Double? = nil,
            vouchedFor: Set<String> = []
        ) {
            self.drainWithin = drainWithin
            self.atDeadline = atDeadline
            self.settleAfter = settleAfter
            self.vouchedFor = vouchedFor
        }
    }

    /// What becomes of connections that have not ended in time.
    public enum Deadline: String, CaseIterable, Hashable, Sendable {
        /// They live on, and their buckets drain on.
        case keep
        /// The old owner forgets them, and the new one resets them.
        case reset
    }

    /// What is waited for when every bucket is where it should be.
    public enum Wait: Hashable, Sendable {
        /// The old owners' connections to end, for so many seconds.
        case connections(Double)
        /// Clients to learn that connections are gone, for so many seconds; then adopted buckets become owned.
        case settling(Double)
    }

    /// Why an entry is there.
    public enum Part: String, Hashable, Sendable, Codable {
        /// The plan has the step.
        case planned
        /// A node confirms that it does not answer the bucket, by writing the operation's id beside it: no older claim can be
        /// carried out there any more.
        case guarding
        /// What could not be claimed is given back.
        case givingBack
        /// The old owner forgets the buckets' connections.
        case dropping
        /// The old owner lets go of what drained.
        case endingDrain
        /// The new owner begins to reset connections that it does not know.
        case adopting
        /// The new owner ends resetting what it does not know.
        case settling

        /// Whether it only ends what a plan has left behind: every bucket is where it should be without it.
        public var isClosing: Bool { self == .endingDrain || self == .adopting || self == .settling }
    }

    /// One step and how far it has come.
    public struct Entry: Hashable, Sendable {
        /// The step.
        public var step: PlanStep
        /// How far it has come.
        public var state: StepState
        /// Why it is there.
        public var part = Part.planned
        /// Indices of the entries that must have been done before.
        var needs: [Int] = []
        /// Indices of the entries that must be over before, in whatever way.
        var waits: [Int] = []
        /// Buckets that the node was found to answer when it refused the step.
        var taken = BucketSet()

        /// Whether it is no part of the plan, but gives back what could not be claimed.
        public var isGivingBack: Bool { part == .givingBack }

        /// The buckets of the step.
        public var buckets: BucketSet { BucketSet(step.request.changes.map(\.bucket)) }
    }

    /// What is to be done.
    public enum Action: Hashable, Sendable {
        /// Send the request of the entry at this index to its node, and report the answer with `answered`.
        case send(Int)
        /// Ask a node, and report the answer with `answered`.
        case ask(Question)
        /// Report this timer with `fired` after so many seconds.
        case wake(Timer, after: Double)
        /// Nothing more is to come; read the kernels again.
        case finished
    }

    /// What is asked of a node without changing it.
    public enum Question: Hashable, Sendable {
        /// Who wrote each bucket's state.
        case authors(String)
        /// How many connections live in each bucket.
        case connections(String)
    }

    /// Something that is due later.
    public enum Timer: Hashable, Sendable {
        /// Send the request of the entry at this index again.
        case resend(Int)
        /// Ask again.
        case ask(Question)
        /// End this wait.
        case closing(Wait)
    }

    /// Mistakes that the fault simulation must find.
    package enum Flaw: String, CaseIterable, Sendable {
        /// The claim does not wait for the release.
        case claimFirst
        /// An unknown release counts as one that was made.
        case claimUnconfirmed
        /// A request is sent again as another operation, and its refusal believed.
        case freshOperation
        /// A request is sent again, and its refusal believed although the first copy may have been carried out.
        case retryBlindly
        /// A claim that may have been carried out is given back.
        case giveBackUnknown
        /// Steps do not say who must have written what they find.
        case anyAuthor
        /// What nobody answers is claimed without asking the other nodes.
        case noGuards
    }

    /// The entries of a plan: its steps, the guards of its claims, the connections to be dropped.
    static func entries(of plan: Plan, vouchedFor: Set<String> = []) -> [Entry] {
        var entries = plan.steps.map { Entry(step: $0, state: .waiting) }
        for index in entries.indices where entries[index].step.purpose == .claim {
            let after = entries[index].step.after
            entries[index].needs = entries.indices.filter {
                entries[$0].step.purpose == .release && after.contains(entries[$0].step.node)
            }
            entries[index].step.request.changes = entries[index].step.request.changes.map { change in
                var change = change
                change.by = OperationMark(plan.operation, .guard).text
                return change
            }
        }
        addGuards(plan, vouchedFor, &entries)
        if plan.mode == .immediate { addDrops(&entries) }
        return entries
    }

    /// Before anything is released, each new owner writes the operation's id beside what it will claim, and the claim
    /// expects it there: so it can be carried out once and never again, and whoever looks later sees whether it was.
    ///
    /// A bucket that nobody released for this plan may have been released for another, whose claim is still on its way:
    /// there every other node writes the id too, and so confirms that it does not answer. The dead owner of a take-over, the
    /// only one seen to answer, cannot be asked: the operator's word stands for it.
    private static func addGuards(_ plan: Plan, _ vouchedFor: Set<String>, _ entries: inout [Entry]) {
        var guarded: [String: [Int]] = [:]
        for entry in entries where entry.step.purpose == .claim {
            guarded[entry.step.node, default: []] += entry.step.request.changes.map(\.bucket)
        }
        for move in plan.moves where move.from == nil || plan.mode == .takeOver {
            let owners = plan.before.filter { $0.value.state(of: move.bucket)?.acceptsNewFlows == true }.keys
            let dead = plan.mode == .takeOver && owners.count == 1 ? vouchedFor.union(owners) : vouchedFor
            for node in plan.before.keys where node != move.to && !dead.contains(node) {
                guarded[node, default: []].append(move.bucket)
            }
        }
        for (node, buckets) in guarded.sorted(by: { $0.key < $1.key }) {
            addGuard(of: buckets.sorted(), on: node, plan, &entries)
        }
    }

    private static func addGuard(of buckets: [Int], on node: String, _ plan: Plan, _ entries: inout [Entry]) {
        let changes = buckets.map { bucket in
            let state = plan.before[node]?.state(of: bucket) == .draining ? BucketState.draining : nil
            return StepRequest.Change(bucket: bucket, from: state, to: state)
        }
        let request = StepRequest(
            operation: OperationMark(plan.operation, .guard).text, address: plan.address, changes: changes)
        let step = PlanStep(node: node, purpose: .release, request: request)
        let guardIndex = entries.count
        entries.append(Entry(step: step, state: .waiting, part: .guarding))
        let guarded = entries[guardIndex].buckets
        for claim in entries.indices where entries[claim].step.purpose == .claim {
            guard !entries[claim].buckets.intersection(guarded).isEmpty else { continue }
            entries[claim].needs.append(guardIndex)
            for release in entries[claim].needs where entries[release].part == .planned {
                entries[release].needs.append(guardIndex)
            }
        }
    }

    private static func addDrops(_ entries: inout [Entry]) {
        for index in entries.indices where entries[index].step.purpose == .release && entries[index].part == .planned {
            var step = entries[index].step
            step.request.changes = step.request.changes.map { .init(bucket: $0.bucket, from: $0.to, to: $0.to) }
            entries.append(Entry(step: step, state: .waiting, part: .dropping, needs: [index]))
            for claim in entries.indices where entries[claim].needs.contains(index) && entries[claim].part == .planned {
                entries[claim].waits.append(entries.count - 1)
            }
        }
    }
}
