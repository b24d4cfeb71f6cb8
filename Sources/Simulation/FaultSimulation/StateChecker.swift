import AgentProtocol
import ClusterModel
import Execution
import NodeDriver
import Planning
import Reactor
import Responsibility
import SimulatedNodes

/// Checks after every event that every promise holds, and notes what each kernel accepted.
final class StateChecker {
    private unowned let world: SimulatedWorld
    /// Something changed who answers, and that was not checked yet.
    var needsCheck = true
    /// How many owners more than one each bucket may have: somebody else gave it one, or took its mark away.
    private(set) var extraOwners: [Int]
    private var written: Set<KernelWrite> = []
    private var records: [String: SimulatedJournalRecord] = [:]
    private var counters: [(incarnation: Int, counters: [BucketCounters])]
    private var digest = RunDigest()

    init(world: SimulatedWorld, nodes: Int) {
        self.world = world
        extraOwners = Array(repeating: 0, count: SimulatedWorld.configuration.bucketCount + 1)
        counters = Array(repeating: (-1, []), count: nodes)
    }

    /// Somebody else gave a bucket an owner, or took its mark away.
    func allowExtraOwner(of bucket: Int) { extraOwners[bucket] += 1 }

    // MARK: What happens

    func began(_ record: SimulatedJournalRecord) {
        records[record.plan.operation] = record
        digest.add(record.plan.operation)
    }

    func ended(_ outcome: PlanOutcome, _ record: SimulatedJournalRecord) {
        digest.add(record.plan.operation)
        digest.add(outcome.isConfirmed ? 1 : 0)
        if let lie = record.lie(written, extraOwners) { fail(.journal, lie) }
    }

    /// Lets an agent carry out a frame, which was sent then, and notes what its kernel accepted.
    func watching(
        _ node: SimulatedNode, _ frame: AgentFrame, sent: Double, _ body: () -> [AgentFrame]
    ) -> [AgentFrame] {
        guard case .call(_, let call) = frame, call.changesNode else { return body() }
        let before = node.held
        let answers = body()
        needsCheck = true
        if case .apply(let step) = call, let after = node.held, let before {
            if after.operations != before.operations || after.ownership != before.ownership {
                checkTime(step, sent: sent, at: node)
            }
        }
        guard case .answer(_, let result)? = answers.first else { return answers }
        world.log(.node(node.name), "\(TraceText.call(call)): \(TraceText.result(result))")
        digest.add(call, to: node.name, result, at: world.clock.time)
        if case .success(.done) = result, node.held == nil { node.tableIsGone() }
        guard case .apply(let step) = call, let held = node.held else { return answers }
        // A step that is made bucket by bucket may have been cut off in the middle.
        if case .success(.step(.applied)) = result {} else if node.kind != .rules { return answers }
        for change in step.changes where held.operations[change.bucket] == step.operation {
            note(change, of: step.operation, at: node)
        }
        return answers
    }

    /// No kernel is changed by a step for whose answer nobody waits any more.
    private func checkTime(_ step: StepRequest, sent: Double, at node: SimulatedNode) {
        let age = world.clock.seconds - sent
        guard age > KernelReader.patience(buckets: world.configuration.bucketCount) else { return }
        let tenths = Int(age * 10)  // bounded: seconds of a run
        fail(.late, "\(node.name) carries out \(step.operation) \(tenths / 10).\(tenths % 10) s after it was sent")
    }

    /// The record of the operation that writes a mark.
    private func record(of mark: String) -> SimulatedJournalRecord? {
        OperationMark(parsing: mark).flatMap { records[$0.operation] }
    }

    private func note(_ change: StepRequest.Change, of operation: String, at node: SimulatedNode) {
        if change.from != nil, change.to == nil { world.clients.giveUp(change.bucket, at: node) }
        // It takes up what others keep: the plan was forced to.
        if change.to != nil, !node.kind.ignoresStrangers { world.clients.leave(change.bucket) }
        if change.to == .adopted { giveUpUnseen(change.bucket, by: operation, at: node) }
        let write = KernelWrite(node: node.name, operation: operation, bucket: change.bucket, to: change.to)
        guard written.insert(write).inserted else { return }
        let isAnnounced =
            record(of: operation)?.intended.contains(write) == true
            || records.values.contains { $0.intended.contains(write) }
        if !isAnnounced {
            fail(.unwritten, "\(write) was done before any journal said that it would be")
        }
    }

    /// Who ends a bucket's connections on purpose also ends those that were not seen to be kept by a third node.
    private func giveUpUnseen(_ bucket: Int, by operation: String, at owner: SimulatedNode) {
        guard let plan = record(of: operation)?.plan, plan.mode != .takeOver else { return }
        let ended = (plan.finalization ?? [:]).filter { $0.value.draining.contains(bucket) }.keys
        guard !plan.isDrained(bucket, besides: Set(ended).union([owner.name])) else { return }
        for node in world.nodes where node.held?.ownership.draining.contains(bucket) == true {
            world.clients.giveUp(bucket, at: node)
        }
    }

    // MARK: What must hold

    /// After every event that can change who answers: no bucket has two owners, no packet two answers.
    func check() {
        needsCheck = false
        var (accepted, twice) = (BucketSet(), BucketSet())
        for node in world.nodes {
            guard let ownership = node.held?.ownership else { continue }
            let accepting = ownership.accepting
            for bucket in accepting.intersection(ownership.draining) {
                fail(.owners, "\(node.name) answers and drains bucket \(bucket)")
            }
            twice = twice.union(accepted.intersection(accepting))
            accepted = accepted.union(accepting)
        }
        for bucket in twice where owners(of: bucket) > 1 + extraOwners[bucket] {
            fail(.owners, "bucket \(bucket) has two live owners: \(world.holdings)")
        }
        world.clients.check()
    }

    private func owners(of bucket: Int) -> Int {
        world.nodes.count { $0.held?.ownership.accepts(bucket) == true }
    }

    /// Counters only grow as long as the table stands.
    func checkCounters() {
        for (index, node) in world.nodes.enumerated() where node.isUp {
            guard let new = node.driver.counters(of: world.configuration.address) else { continue }
            let old = counters[index]
            guard old.incarnation != node.incarnation || old.counters != new else { continue }
            let fell = zip(old.counters, new).contains { old, new in
                Counter.allCases.contains { (old[$0]?.packets ?? 0) > (new[$0]?.packets ?? 0) }
            }
            if old.incarnation == node.incarnation, fell { fail(.counters, "a counter of \(node.name) ran backwards") }
            counters[index] = (node.incarnation, new)
        }
    }

    /// In the end: what the journals say is what the kernels did.
    func checkJournals() {
        for record in world.operators.flatMap(\.records) {
            if let lie = record.lie(written, extraOwners) { return fail(.journal, lie) }
        }
    }

    /// Whether every bucket has one owner, or a finding that names what is wrong, and nothing is under way any more, such as
    /// a release that nobody waits for.
    func isWhole() -> Bool {
        let person = world.operators[0]
        guard world.inFlight == 0, !person.isBusy, person.unresolved.isEmpty, world.neighbours.areRight else {
            return false
        }
        let coverage = Coverage(
            bucketCount: world.configuration.bucketCount,
            ownerships: world.nodes.map { $0.held?.ownership ?? Ownership() })
        guard coverage.orphans.isEmpty else { return false }
        guard !coverage.conflicts.isEmpty else { return true }
        guard let snapshot = person.snapshot else { return false }
        let named = snapshot.findings.reduce(BucketSet()) { named, finding in
            guard case .coverage(.conflict) = finding.kind else { return named }
            return named.union(finding.buckets)
        }
        return coverage.conflicts.isSubset(of: named)
    }

    /// Notes the first promise that does not hold; the run ends with it.
    func fail(_ kind: Violation.Kind, _ text: String) {
        guard world.report.violations.isEmpty else { return }
        world.log(.world, "VIOLATION (\(kind.rawValue)): \(text)")
        world.report.violations = [
            Violation(seed: world.seed, kind: kind, text: text, seconds: world.clock.seconds)
        ]
    }

    /// The run's fingerprint.
    var fingerprint: UInt64 { digest.value }
}
