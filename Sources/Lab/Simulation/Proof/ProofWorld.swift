import AgentProtocol
import ClusterModel
import DataPlane
import Execution
import Planning
import Reactor
import Responsibility

/// Everything of one run of the proof.
final class ProofWorld {
    static let configuration = ClusterConfiguration(
        name: "proof", address: IPv4Address(10, 8, 0, 1), prefixLength: 16, interface: "eth0",
        mac: MACAddress(number: 0x0100_5e08_0001), hashMode: .sourceIPSourcePort, totalNodes: 4, hashInit: 7)
    var configuration: ClusterConfiguration { Self.configuration }
    let clock = VirtualClock()
    var random: SplitMix
    let weather: ProofWeather
    let flaw: ProofFlaw?
    private(set) var nodes: [ProofNode] = []
    private(set) var operators: [ProofOperator] = []
    private(set) lazy var clients = ProofClients(world: self)
    /// Something changed who answers, and that was not checked yet.
    var needsCheck = true
    /// Frames on their way.
    var inFlight = 0
    private(set) var faultsAreOn = true
    /// How often somebody else gave a bucket an owner, or took one's mark away; so many more it may have.
    var meddled: [Int]
    var report = ProofReport()
    let seed: UInt64
    private var written: Set<ProofWrite> = []
    private var records: [String: ProofRecord] = [:]
    private var operations = 0
    private var installations = 0
    private var counters: [(incarnation: Int, counters: [BucketCounters])] = []
    private let trace: ((ProofEvent) -> Void)?

    init(seed: UInt64, flaw: ProofFlaw?, trace: ((ProofEvent) -> Void)?) throws(DriverError) {
        self.seed = seed
        random = SplitMix(seed: seed)
        weather = ProofWeather(buckets: UInt64(Self.configuration.totalNodes), &random)
        self.flaw = flaw
        self.trace = trace
        meddled = Array(repeating: 0, count: Self.configuration.totalNodes + 1)
        report.seeds = 1
        let count = 2 + Int(random.below(3))
        for number in 1...count {
            let owned = (1...configuration.totalNodes).filter { $0 % count == number - 1 }
            nodes.append(try ProofNode(name: "node\(number)", world: self, owned: BucketSet(owned)))
        }
        counters = nodes.map { _ in (-1, []) }
        operators = (0..<2).map { ProofOperator(index: $0, world: self) }
    }

    func log(_ subject: ProofEvent.Subject, _ text: @autoclosure () -> String) {
        trace?(ProofEvent(time: clock.time, subject: subject, text: text()))
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

    func endFaults() { faultsAreOn = false }

    /// Whether something happens that happens once in so many times, while there are faults.
    func strikes(onceIn times: UInt64) -> Bool { faultsAreOn && random.below(times) == 0 }

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

    func began(_ record: ProofRecord) {
        report.begun += 1
        records[record.plan.operation] = record
    }

    func ended(_ outcome: PlanRunner.Outcome, _ record: ProofRecord) {
        report.ended += 1
        if outcome.isConfirmed { report.confirmed += 1 }
        if let lie = record.lie(written, meddled) { fail(.journal, lie) }
    }

    /// Lets an agent carry out a frame, and notes what its kernel accepted.
    func watching(_ node: ProofNode, _ frame: AgentFrame, _ body: () -> [AgentFrame]) -> [AgentFrame] {
        guard case .call(_, let call) = frame, call.changesNode else { return body() }
        let answers = body()
        needsCheck = true
        guard case .answer(_, let result)? = answers.first else { return answers }
        log(.node(node.name), "\(ProofText.call(call)): \(ProofText.result(result))")
        guard case .apply(let step) = call, case .success(.step(.applied)) = result, let held = node.held else {
            return answers
        }
        for change in step.changes where held.operations[change.bucket] == step.operation {
            if change.from != nil, change.to == nil { clients.giveUp(change.bucket, at: node) }
            if change.to == .adopted { giveUpUnseen(change.bucket, by: step.operation, at: node) }
            let write = ProofWrite(
                node: node.name, operation: step.operation, bucket: change.bucket, to: change.to)
            guard written.insert(write).inserted else { continue }
            let (record, announced) = announcement(of: write)
            if record?.intended.contains(announced) != true {
                fail(.unwritten, "\(write) was done before any journal said that it would be")
            }
        }
        return answers
    }

    /// Who ends a bucket's connections on purpose also ends those that were not seen to be kept by a third node.
    private func giveUpUnseen(_ bucket: Int, by operation: String, at owner: ProofNode) {
        guard let plan = OperationMark(parsing: operation).flatMap({ records[$0.operation] })?.plan,
            plan.mode != .takeOver
        else { return }
        let ended = (plan.closing ?? [:]).filter { $0.value.draining.contains(bucket) }.keys
        guard !plan.isDrained(bucket, besides: Set(ended).union([owner.name])) else { return }
        for node in nodes where node.held?.ownership.draining.contains(bucket) == true {
            clients.giveUp(bucket, at: node)
        }
    }

    /// The record that must have announced a change, and as what.
    private func announcement(of write: ProofWrite) -> (ProofRecord?, ProofWrite) {
        if let mark = OperationMark(parsing: write.operation), let record = records[mark.operation] {
            return (record, write)
        }
        var announced = write
        // The mistake of sending again under another id is to be found by what it does.
        while announced.operation.hasSuffix("x") { announced.operation.removeLast() }
        let plan = announced.operation.split(separator: "-").prefix(2).joined(separator: "-")
        return (records[plan], announced)
    }

    func fail(_ kind: ProofViolation.Kind, _ text: String) {
        guard report.violations.isEmpty else { return }
        log(.world, "VIOLATION (\(kind.rawValue)): \(text)")
        report.violations = [ProofViolation(seed: seed, kind: kind, text: text, seconds: clock.seconds)]
    }

    /// Whether what an operator vouches for in a plan is so: the nodes that cannot be asked are off.
    func isTrue(_ plan: Plan) -> Bool {
        let silent = Set(plan.risks.flatMap { $0.silent ?? [] })
        return nodes.allSatisfy { !silent.contains($0.name) || !$0.isUp }
    }

    // MARK: What must hold

    /// After every event that can change who answers.
    func check() {
        needsCheck = false
        var (accepted, twice) = (BucketSet(), BucketSet())
        for node in nodes {
            guard let ownership = node.held?.ownership else { continue }
            let accepting = ownership.accepting
            for bucket in accepting.intersection(ownership.draining) {
                fail(.owners, "\(node.name) answers and drains bucket \(bucket)")
            }
            twice = twice.union(accepted.intersection(accepting))
            accepted = accepted.union(accepting)
        }
        for bucket in twice where owners(of: bucket) > 1 + meddled[bucket] {
            fail(.owners, "bucket \(bucket) has two live owners: \(holdings)")
        }
        clients.check()
    }

    private func owners(of bucket: Int) -> Int {
        nodes.count { $0.held?.ownership.accepting.contains(bucket) == true }
    }

    /// Counters only grow as long as the table stands.
    func checkCounters() {
        for (index, node) in nodes.enumerated() where node.isUp {
            guard let new = node.driver.counters(of: configuration.address) else { continue }
            let old = counters[index]
            guard old.incarnation != node.incarnation || old.counters != new else { continue }
            let fell = zip(old.counters, new).contains {
                $0.arrived.packets > $1.arrived.packets || $0.accepted.packets > $1.accepted.packets
            }
            if old.incarnation == node.incarnation, fell { fail(.counters, "a counter of \(node.name) ran backwards") }
            counters[index] = (node.incarnation, new)
        }
    }

    func checkJournals() {
        for record in operators.flatMap(\.records) {
            if let lie = record.lie(written, meddled) { return fail(.journal, lie) }
        }
    }

    /// Whether every bucket has one owner, or a finding that names what is wrong, and nothing is under way any more, such as
    /// a release that nobody waits for.
    func isWhole() -> Bool {
        guard inFlight == 0, !operators[0].isBusy, operators[0].unsettled.isEmpty else { return false }
        let coverage = Coverage(
            totalNodes: configuration.totalNodes, ownerships: nodes.map { $0.held?.ownership ?? Ownership() })
        guard coverage.orphans.isEmpty else { return false }
        guard !coverage.conflicts.isEmpty else { return true }
        guard let snapshot = operators[0].snapshot else { return false }
        let named = snapshot.findings.filter { $0.code == "conflict" }.reduce(BucketSet()) { $0.union($1.buckets) }
        return coverage.conflicts.isSubset(of: named)
    }

    /// Who answers what, for people.
    var holdings: String {
        nodes.map { node in
            "\(node.name) answers \(node.held.map { "\($0.ownership.accepting)" } ?? "nothing, being no member")"
        }.joined(separator: ", ")
    }
}
