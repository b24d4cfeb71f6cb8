import ClusterModel
import DataPlane
import Execution
import Reactor
import Responsibility

/// The proof that no fault makes two owners: the real coordinators, sessions and agents on simulated nodes, under faults
/// that a seed decides, on time that passes as fast as it can be computed.
public struct Proof: Sendable {
    /// What a run came to.
    public struct Result: Hashable, Sendable {
        /// The seed, which makes the run again exactly.
        public var seed: UInt64
        /// What was violated, one sentence; nil when everything held.
        public var violation: String?
        /// Plans that came to their end.
        public var plans: Int
        /// Plans that were carried out whole.
        public var confirmed: Int
        /// Events that happened.
        public var events: Int
    }

    /// For so long, in seconds of the run, there are faults.
    private static let faultSeconds = 15.0
    /// No frame takes longer, in seconds.
    static let longestDelay = 8.0
    /// By then, in seconds of the run, everything must be whole.
    private static let endSeconds = 90.0

    /// The seed.
    public var seed: UInt64
    /// A mistake made on purpose.
    package var flaw: PlanExecution.Flaw?

    /// The proof of a seed.
    public init(seed: UInt64) { self.seed = seed }

    /// The proof of a seed that is to find a mistake made on purpose.
    package init(seed: UInt64, flaw: PlanExecution.Flaw) {
        self.seed = seed
        self.flaw = flaw
    }

    /// Runs; every noteworthy event goes to `trace` as a line with the time of the run in seconds.
    public func run(trace: ((String) -> Void)? = nil) -> Result {
        guard let world = try? ProofWorld(seed: seed, flaw: flaw, trace: trace) else {
            return Result(seed: seed, violation: "the nodes could not be made", plans: 0, confirmed: 0, events: 0)
        }
        for operatorIndex in world.operators { operatorIndex.start() }
        let faults = ProofFaults(world: world)
        faults.begin()
        traffic(world)
        var events = advance(world, to: Self.faultSeconds) { false }
        recover(world, faults)
        // What is still on its way arrives, such as a release that nobody waits for any more.
        events += advance(world, to: Self.faultSeconds + Self.longestDelay) { false }
        events += advance(world, to: Self.endSeconds) { isWhole(world) }
        if !isWhole(world) { world.fail(gap(world)) }
        world.checkJournals()
        for operatorIndex in world.operators { operatorIndex.kill() }
        return Result(
            seed: seed, violation: world.violation, plans: world.plans, confirmed: world.confirmed, events: events)
    }

    private func advance(_ world: ProofWorld, to seconds: Double, until isOver: () -> Bool) -> Int {
        var events = 0
        var version = -1
        let end = UInt64(seconds * 1e9)
        while world.violation == nil, world.clock.step(until: end) {
            events += 1
            guard world.version != version || events % 64 == 0 else { continue }
            version = world.version
            world.check()
            if isOver() { break }
        }
        return events
    }

    private func recover(_ world: ProofWorld, _ faults: ProofFaults) {
        world.log("the faults end")
        world.endFaults()
        faults.heal()
        for other in world.operators { other.kill() }
        world.operators[0].recover()
    }

    /// Whether the operator sees one owner of every bucket, or a finding that names what is wrong, and nothing is under way.
    private func isWhole(_ world: ProofWorld) -> Bool {
        guard let snapshot = world.operators[0].snapshot, !world.operators[0].isBusy else { return false }
        let ownerships = world.nodes.map { $0.held?.ownership ?? Ownership() }
        let coverage = Coverage(totalNodes: world.configuration.totalNodes, ownerships: ownerships)
        guard coverage.orphans.isEmpty else { return false }
        let named = snapshot.findings.filter { $0.code == "conflict" }.reduce(BucketSet()) { $0.union($1.buckets) }
        return coverage.conflicts.isSubset(of: named)
    }

    private func gap(_ world: ProofWorld) -> String {
        let held = world.nodes.map { node in
            "\(node.name) answers \(node.held.map { "\($0.ownership.answering)" } ?? "nothing, being no member")"
        }
        return "not whole \(Int(Self.endSeconds - Self.faultSeconds)) s after the faults: "
            + held.joined(separator: ", ")
    }

    /// Clients, so that there is something to count and to drain.
    private func traffic(_ world: ProofWorld) {
        _ = world.clock.after(0.5, repeating: true) {
            let flow = Flow(
                transport: .tcp, source: IPv4Address(number: 0x0a09_0000 + UInt32(world.random.below(250))),
                sourcePort: UInt16(1024 + world.random.below(100)), destination: world.configuration.address,
                destinationPort: 80)
            for node in world.nodes where node.isUp { node.driver.receive(flow, packets: 2, bytes: 120) }
            if world.random.below(2) == 0 { for node in world.nodes { node.driver.close(flow) } }
            world.checkCounters()
        }
    }
}
