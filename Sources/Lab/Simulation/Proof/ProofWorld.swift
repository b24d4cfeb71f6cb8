import AgentProtocol
import ClusterModel
import DataPlane
import Execution
import Planning
import Reactor
import Responsibility

/// Everything of one run of the proof.
final class ProofWorld {
    let configuration = ClusterConfiguration(
        name: "proof", address: IPv4Address(10, 8, 0, 1), prefixLength: 16, interface: "eth0",
        mac: MACAddress(number: 0x0100_5e08_0001), hashMode: .sourceIPSourcePort, totalNodes: 4, hashInit: 7)
    let clock = VirtualClock()
    var random: SplitMix
    let flaw: PlanExecution.Flaw?
    private(set) var nodes: [ProofNode] = []
    private(set) var operators: [ProofOperator] = []
    /// Raised by everything that can change who answers.
    var version = 0
    private(set) var faultsAreOn = true
    /// Buckets that somebody else gave a second owner.
    var meddled = BucketSet()
    private(set) var violation: String?
    private(set) var plans = 0
    private(set) var confirmed = 0
    private var written: Set<ProofWrite> = []
    private var operations = 0
    private var counters: [(incarnation: Int, counters: [BucketCounters])] = []
    private let trace: ((String) -> Void)?

    init(seed: UInt64, flaw: PlanExecution.Flaw?, trace: ((String) -> Void)?) throws(DriverError) {
        random = SplitMix(seed: seed)
        self.flaw = flaw
        self.trace = trace
        nodes = []
        let count = 2 + Int(random.below(3))
        for number in 1...count {
            let owned = (1...configuration.totalNodes).filter { $0 % count == number - 1 }
            nodes.append(try ProofNode(name: "node\(number)", world: self, owned: BucketSet(owned)))
        }
        counters = nodes.map { _ in (-1, []) }
        operators = (0..<2).map { ProofOperator(index: $0, world: self) }
    }

    func log(_ text: @autoclosure () -> String) {
        guard let trace else { return }
        let milliseconds = clock.time / 1_000_000
        let fraction = String(1000 + milliseconds % 1000).dropFirst()
        trace("\(milliseconds / 1000).\(fraction)  \(text())")
    }

    func nextOperation() -> String {
        operations += 1
        return "op-\(operations)"
    }

    func endFaults() { faultsAreOn = false }

    func kill(_ index: Int) {
        guard faultsAreOn, operators[index].isRunning else { return }
        log("operator \(index) is killed")
        operators[index].kill()
        clock.after(0.5 + Double(random.below(3000)) / 1000) { [self] in
            if faultsAreOn, !operators[index].isRunning { operators[index].start() }
        }
    }

    func ended(_ outcome: PlanRunner.Outcome, _ record: ProofRecord) {
        plans += 1
        if outcome.isConfirmed { confirmed += 1 }
        log("\(record.plan.operation) ended, \(outcome.isConfirmed ? "confirmed" : "not confirmed")")
        if let lie = record.lie(written) { fail(lie) }
    }

    /// How often and after how many seconds a frame arrives.
    func delays(of frame: AgentFrame) -> [Double] {
        if case .sample = frame { return [0.001] }
        guard faultsAreOn else { return [0.001] }
        let fate = random.below(100)
        if fate < 5 { return [] }
        let usual = 0.0002 + Double(random.below(2000)) / 1e6
        if fate < 20 { return [usual, usual + Double(random.below(8000)) / 8000 * Proof.longestDelay * 0.99] }
        return fate < 26 ? [Double(random.below(4000)) / 1000] : [usual]
    }

    /// Lets an agent carry out a frame, and notes what its kernel accepted.
    func watching(_ node: ProofNode, _ frame: AgentFrame, _ body: () -> [AgentFrame]) -> [AgentFrame] {
        guard case .call(_, .apply(let step)) = frame else { return body() }
        let answers = body()
        guard case .answer(_, let result)? = answers.first else { return answers }
        log("\(node.name) \(step.operation) \(Self.text(step)): \(Self.text(result))")
        guard case .success(.step(.applied)) = result, let held = node.held else { return answers }
        version += 1
        for change in step.changes where held.operations[change.bucket] == step.operation {
            written.insert(
                ProofWrite(node: node.name, operation: step.operation, bucket: change.bucket, to: change.to))
        }
        return answers
    }

    func fail(_ text: String) {
        guard violation == nil else { return }
        log("VIOLATION: \(text)")
        violation = text
    }

    // MARK: What must hold after every event

    func check() {
        var answered = BucketSet()
        for node in nodes {
            guard let ownership = node.held?.ownership else { continue }
            if !ownership.draining.intersection(ownership.answering).isEmpty {
                fail("\(node.name) answers and drains the same bucket")
            }
            let twice = answered.intersection(ownership.answering).subtracting(meddled)
            if !twice.isEmpty { fail("bucket \(twice) has two live owners, \(node.name) is one of them") }
            answered = answered.union(ownership.answering)
        }
    }

    /// Counters only grow as long as the table stands.
    func checkCounters() {
        for (index, node) in nodes.enumerated() where node.isUp {
            guard let sample = try? node.driver.sample().clusters.first else { continue }
            let old = counters[index]
            if old.incarnation == node.incarnation,
                zip(old.counters, sample.counters).contains(where: {
                    $0.arrived.packets > $1.arrived.packets || $0.answered.packets > $1.answered.packets
                })
            {
                fail("a counter of \(node.name) ran backwards")
            }
            counters[index] = (node.incarnation, sample.counters)
        }
    }

    func checkJournals() {
        for record in operators.flatMap(\.records) {
            if let lie = record.lie(written) { return fail(lie) }
        }
    }

    private static func text(_ step: StepRequest) -> String {
        step.changes.map {
            "\($0.bucket): \($0.from?.rawValue ?? "none") → \($0.to?.rawValue ?? "none") (by \($0.by ?? "any"))"
        }.joined(separator: ", ")
    }

    private static func text(_ result: Result<AgentResult, AgentFailure>) -> String {
        switch result {
        case .success(.step(.applied)): "applied"
        case .success(.step(.refused(let mismatches))): "refused, found by \(mismatches.first?.writtenBy ?? "nobody")"
        case .success: "something else"
        case .failure(let failure): failure.message
        }
    }
}
