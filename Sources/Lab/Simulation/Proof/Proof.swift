import DataPlane
import Execution
import Reactor

/// The proof that no fault makes two owners: the real coordinators, sessions and agents on simulated nodes, under faults
/// that a seed decides, on time that passes as fast as it can be computed.
public struct Proof: Sendable {
    /// For so long, in seconds of the run, there are faults.
    private static let faultSeconds = 15.0
    /// No frame takes longer, in seconds.
    static let longestDelay = 8.0
    /// By then, in seconds of the run, everything must be whole.
    private static let endSeconds = 90.0

    /// The seed.
    public var seed: UInt64
    /// A mistake made on purpose.
    package var flaw: ProofFlaw?

    /// The proof of a seed.
    public init(seed: UInt64) { self.seed = seed }

    /// The proof of a seed that is to find a mistake made on purpose.
    package init(seed: UInt64, flaw: ProofFlaw?) {
        self.seed = seed
        self.flaw = flaw
    }

    /// Runs until something does not hold, or to the end; every noteworthy event goes to `trace`.
    public func run(trace: ((ProofEvent) -> Void)? = nil) -> ProofReport {
        guard let world = try? ProofWorld(seed: seed, flaw: flaw, trace: trace) else { return ProofReport() }
        return run(in: world)
    }

    func run(in world: ProofWorld) -> ProofReport {
        for person in world.operators { person.start() }
        let faults = ProofFaults(world: world)
        faults.begin()
        world.clients.begin()
        advance(world, to: Self.faultSeconds) { false }
        recover(world, faults)
        advance(world, to: Self.endSeconds, until: world.isWhole)
        if !world.isWhole() {
            world.fail(.gap, "\(Int(Self.endSeconds - Self.faultSeconds)) s after the faults: \(world.holdings)")
        }
        world.checkJournals()
        for person in world.operators { person.kill() }
        world.clock.clear()
        world.seal()
        return world.report
    }

    private func advance(_ world: ProofWorld, to seconds: Double, until isOver: () -> Bool) {
        let end = UInt64(seconds * 1e9)
        while world.report.violations.isEmpty, world.clock.step(until: end) {
            world.report.events += 1
            if world.needsCheck {
                world.check()
                if isOver() { return }
            } else if world.report.events % 64 == 0, isOver() {
                return
            }
        }
    }

    private func recover(_ world: ProofWorld, _ faults: ProofFaults) {
        world.log(.world, "the faults end; one operator looks after what is left")
        world.endFaults()
        for person in world.operators {
            person.noteFindings()
            person.kill()
        }
        faults.heal()
        world.operators[0].recover()
    }
}
