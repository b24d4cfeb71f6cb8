import ClusterModel
import Execution
import NodeDriver
import Planning
import Reactor
import Responsibility
import SimulatedNodes

/// Everything of one run.
final class SimulatedWorld {
    static let configuration = ClusterConfiguration(
        name: "simulation", address: IPAddress(10, 8, 0, 1), prefixLength: 16, interface: "eth0",
        mac: MACAddress(number: 0x0100_5e08_0001),
        scheme: .clusterIP(Placement(mode: .sourceIPSourcePort, bucketCount: 4, seed: 7)))
    var configuration: ClusterConfiguration { Self.configuration }
    let clock = VirtualClock()
    var random: SplitMix
    /// What only runs with nodes of other kinds draw, so that all others are as they were.
    private var kindRandom: SplitMix
    private let hasKinds: Bool
    let profile: FaultProfile
    let interception: (any Interception)?
    private(set) var nodes: [SimulatedNode] = []
    private(set) var operators: [SimulatedOperator] = []
    private(set) lazy var clients = SimulatedClients(world: self)
    private(set) lazy var neighbours = SimulatedNeighbours(world: self)
    private(set) lazy var checker = StateChecker(world: self, nodes: nodes.count)
    /// Frames on their way.
    var inFlight = 0
    private(set) var faultsAreOn = true
    var report = SimulationReport()
    let seed: UInt64
    /// The second operator's cluster file lacks the last node.
    private var hasStaleFile = false
    private var operations = 0
    private var installations = 0
    private let trace: ((TraceEvent) -> Void)?

    init(
        seed: UInt64, hasKinds: Bool = false, interception: (any Interception)? = nil, trace: ((TraceEvent) -> Void)?
    ) throws(DriverError) {
        self.seed = seed
        self.hasKinds = hasKinds
        kindRandom = SplitMix(seed: seed ^ 0x6b69_6e64)
        random = SplitMix(seed: seed)
        profile = FaultProfile(buckets: UInt64(Self.configuration.bucketCount), &random)
        self.interception = interception
        self.trace = trace
        report.seeds = 1
        let count = 2 + Int(random.below(3))
        for number in 1...count {
            let owned = (1...configuration.bucketCount).filter { $0 % count == number - 1 }
            // The first can take what is left over in the end.
            let kind = hasKinds && number > 1 ? SimulatedKind(&kindRandom) : .table
            nodes.append(try SimulatedNode(name: "node\(number)", kind: kind, world: self, owned: BucketSet(owned)))
        }
        for node in nodes where node.kind == .table {
            try node.driver.enroll(configuration.address, adding: nodes.map(\.name), removing: [])
        }
        // Rules keep no list of members: who has a node with rules in no file is told of it by nobody.
        let isDrawn = count > 2 && random.below(4) == 0
        hasStaleFile = isDrawn && !hasKinds
        operators = (0..<2).map { SimulatedOperator(index: $0, world: self) }
    }

    func log(_ subject: TraceEvent.Subject, _ text: @autoclosure () -> String) {
        trace?(TraceEvent(time: clock.time, subject: subject, text: text()))
    }

    /// Something goes wrong.
    func count(_ fault: String) { report.faults[fault, default: 0] += 1 }

    func nextOperation() -> String {
        operations += 1
        return "op-\(operations)"
    }

    func nextInstallation() -> String {
        installations += 1
        return OperationMark.installation(UInt64(installations)).text
    }

    /// The nodes that an operator's cluster file has.
    func nodes(inFileOf index: Int) -> [SimulatedNode] { index == 1 && hasStaleFile ? nodes.dropLast() : nodes }

    func endFaults() { faultsAreOn = false }

    /// Whether an agent is killed between two changes of one step.
    func killsInTheMiddle() -> Bool {
        guard faultsAreOn, kindRandom.below(12) == 0 else { return false }
        count("agent killed within a step")
        return true
    }

    /// Whether something happens that happens once in so many times, while there are faults.
    func happens(onceIn times: UInt64) -> Bool { faultsAreOn && random.below(times) == 0 }

    func kill(_ index: Int) {
        guard faultsAreOn, operators[index].isRunning else { return }
        count("console killed")
        log(.person(index), "is killed")
        operators[index].kill()
        clock.after(0.5 + Double(random.below(3000)) / 1000) { [self] in
            guard faultsAreOn, !operators[index].isRunning else { return }
            log(.person(index), "is started again")
            operators[index].start()
        }
    }

    func began(_ record: SimulatedJournalRecord) {
        report.begun += 1
        checker.began(record)
    }

    func ended(_ outcome: PlanOutcome, _ record: SimulatedJournalRecord) {
        report.ended += 1
        if outcome.isConfirmed { report.confirmed += 1 }
        checker.ended(outcome, record)
    }

    /// Whether what an operator vouches for in a plan is so: the nodes that cannot be asked are off.
    func isTrue(_ plan: Plan) -> Bool {
        let silent = Set(plan.risks.flatMap(\.silent))
        return nodes.allSatisfy { !silent.contains($0.name) || !$0.isUp }
    }

    /// Who answers what, for people.
    var holdings: String {
        nodes.map { node in
            "\(node.name) answers \(node.held.map { "\($0.ownership.accepting)" } ?? "nothing, being no member")"
        }.joined(separator: ", ")
    }
}
