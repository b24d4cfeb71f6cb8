import AgentProtocol
import ClusterModel
import Execution
import Glibc
import NodeLinks
import Planning
import Reactor

/// One plan on real kernels, with one fault at a named moment.
final class FaultedPlan {
    /// What happens at the moment.
    enum Fault: String, CaseIterable {
        /// Nothing, to count the moments.
        case nothing
        /// The console is killed; its agents find the end of their input.
        case consoleDies = "the console is killed"
        /// The same, and the agent is stopped with the call in its pipe: it carries the call out much later.
        case callIsLate = "the console is killed and the call comes late"
        /// The agent is killed.
        case agentDies = "the agent is killed"
        /// The agents of all other nodes are killed.
        case othersDie = "the other agents are killed"
        /// The agent is stopped and goes on a second later.
        case agentStops = "the agent is stopped"
    }

    /// The moment: so many calls that change a node went before.
    struct Point: Hashable {
        var call: Int
        var moment: FaultInjectingLink.Moment
    }

    let plan: Plan
    let fault: Fault
    let point: Point?
    /// The calls that were sent, in words, in order.
    private(set) var calls: [String] = []
    private(set) var hasHappened = false
    private(set) var isOver = false
    /// What it came to, when its console lived.
    private(set) var outcome: PlanOutcome?
    /// Called before each call that changes a node, with its words.
    var onCall: ((String) -> Void)?
    /// Agents that are stopped, to go on after everything.
    private(set) var stopped: [pid_t] = []

    private let options: PlanExecution.Options
    private let links: [FaultInjectingLink]
    private let fleet: Fleet
    private let reactor: Reactor
    private var runner: PlanRunner?
    /// So many calls were carried out.
    private var applied = 0

    init(
        _ plan: Plan, _ options: PlanExecution.Options, _ fault: Fault, at point: Point?, links: [FaultInjectingLink],
        reactor: Reactor
    ) {
        self.plan = plan
        self.options = options
        self.fault = fault
        self.point = point
        self.links = links
        self.reactor = reactor
        fleet = Fleet(
            name: "lab", observation: ClusterObservation(name: "lab", address: plan.address, nodes: links.map(\.node)),
            nodes: links.map { ($0.node, $0) }, reactor: reactor, interval: 2)
        for link in links {
            link.onMoment = { [unowned self, unowned link] in reach($0, $1, link) }
        }
    }

    /// "graceful: the agent is killed before guard on node2".
    var name: String {
        let call = point.map { calls.count > $0.call ? calls[$0.call] : "call \($0.call)" } ?? ""
        return "\(plan.mode): \(fault.rawValue) \(point?.moment.rawValue ?? "") \(call)"
    }

    /// Starts when all agents are heard.
    func start() {
        fleet.start()
        reactor.after(0.02) { [weak self] in self?.begin() }
    }

    /// The process of the console is gone, if it is not yet.
    func end() {
        isOver = true
        runner = nil
        fleet.stop()
    }

    /// Lets what hung carry out what is in its pipe.
    func resume() {
        for pid in stopped { kill(pid, SIGCONT) }
    }

    private func begin() {
        guard fleet.snapshot?.nodes.allSatisfy({ $0.state == .live }) == true else {
            reactor.after(0.02) { [weak self] in self?.begin() }
            return
        }
        let runner = PlanRunner(plan: plan, calls: fleet, options: options, timeout: 0.8)
        self.runner = runner
        runner.onEnd = { [unowned self] in (outcome, isOver) = ($0, true) }
        try? runner.start()
    }

    private func reach(_ moment: FaultInjectingLink.Moment, _ call: AgentCall, _ link: FaultInjectingLink)
        -> FaultInjectingLink.Fate
    {
        guard !isOver else { return .vanishes }
        if moment == .before {
            calls.append("\(Self.word(call)) on \(link.node)")
            onCall?(calls[calls.count - 1])
        }
        if moment == .applied { applied += 1 }
        let reached = moment == .before ? calls.count : applied
        guard let point, !hasHappened, point.moment == moment, reached == point.call + 1 else { return .passes }
        hasHappened = true
        return inject(link)
    }

    private func inject(_ link: FaultInjectingLink) -> FaultInjectingLink.Fate {
        let isApplied = point?.moment == .applied
        switch fault {
        case .nothing: return .passes
        case .consoleDies:
            die()
            return .vanishes
        case .callIsLate:
            if let pid = link.pids.last {
                kill(pid, SIGSTOP)
                stopped.append(pid)
            }
            reactor.after(0) { [self] in die() }
        case .agentDies:
            if let pid = link.pids.last { kill(pid, SIGKILL) }
            return isApplied ? .vanishes : .passes
        case .othersDie:
            for other in links where other !== link { if let pid = other.pids.last { kill(pid, SIGKILL) } }
        case .agentStops:
            guard let pid = link.pids.last else { return .passes }
            kill(pid, SIGSTOP)
            reactor.after(1.1) { kill(pid, SIGCONT) }
            return isApplied ? .vanishes : .passes
        }
        return .passes
    }

    private func die() {
        for link in links { link.abandon() }
        end()
    }

    private static func word(_ call: AgentCall) -> String {
        guard case .apply(let step) = call, let change = step.changes.first else { return call.method }
        switch (change.from, change.to) {
        case (let from, let to) where from == to: return "guard"
        case (.draining, nil): return "end of draining"
        case (_, .draining), (_, nil): return "release"
        case (.owned, .adopted): return "adopting"
        case (.adopted, _): return "settling"
        default: return "claim"
        }
    }
}
