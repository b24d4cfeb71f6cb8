import Execution
import NodeDriver
import Reactor

/// One run of the fault simulation: the real coordinators, sessions and agents on simulated nodes, under faults that a seed
/// decides, on time that passes as fast as it can be computed.
public struct SimulationRun: Sendable {
    /// For so long, in seconds of the run, there are faults.
    private static let faultSeconds = 15.0
    /// No frame takes longer, in seconds.
    static let longestDelay = 8.0
    /// By then, in seconds of the run, everything must be whole.
    private static let endSeconds = 90.0

    /// The seed.
    public var seed: UInt64
    /// Whether there are nodes of other kinds among those with tables of ours: rules that keep no marks, and of which one is
    /// changed at a time, and rules that only their own program changes.
    public var hasKinds: Bool

    /// The run of a seed.
    public init(seed: UInt64, hasKinds: Bool = false) {
        self.seed = seed
        self.hasKinds = hasKinds
    }

    /// Runs until something does not hold, or to the end; every noteworthy event goes to `trace`.
    public func run(trace: ((TraceEvent) -> Void)? = nil) -> SimulationReport { run(nil, trace: trace) }

    /// Runs with something that stands between the parts of the run.
    package func run(_ interception: (any Interception)?, trace: ((TraceEvent) -> Void)? = nil) -> SimulationReport {
        guard let world = try? SimulatedWorld(seed: seed, hasKinds: hasKinds, interception: interception, trace: trace)
        else {
            return SimulationReport()
        }
        return run(in: world)
    }

    func run(in world: SimulatedWorld) -> SimulationReport {
        for person in world.operators { person.start() }
        let faults = FaultInjector(world: world)
        faults.begin()
        world.clients.begin()
        advance(world, to: Self.faultSeconds) { false }
        recover(world, faults)
        advance(world, to: Self.endSeconds, until: world.checker.isWhole)
        if !world.checker.isWhole() {
            let time = "\(Int(Self.endSeconds - Self.faultSeconds)) s after the faults"
            if world.neighbours.areRight {
                world.checker.fail(.gap, "\(time): \(world.holdings)")
            } else {
                world.checker.fail(.neighbours, "\(time): \(world.neighbours.text)")
            }
        }
        world.checker.checkJournals()
        for person in world.operators { person.kill() }
        world.clock.clear()
        world.report.digest = world.checker.fingerprint
        return world.report
    }

    private func advance(_ world: SimulatedWorld, to seconds: Double, until isOver: () -> Bool) {
        let end = UInt64(seconds * 1e9)
        while world.report.violations.isEmpty, world.clock.step(until: end) {
            world.report.events += 1
            if world.checker.needsCheck {
                world.checker.check()
                if isOver() { return }
            } else if world.report.events % 64 == 0, isOver() {
                return
            }
        }
    }

    private func recover(_ world: SimulatedWorld, _ faults: FaultInjector) {
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
