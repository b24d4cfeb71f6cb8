import AgentProtocol
import Canvas
import ClusterModel
import Console
import NodeDriver
import NodeLinks
import Planning
import Reactor
import Responsibility
import SimulatedNodes
import Wording

extension FuzzTarget {
    /// What an agent sends: lines of samples and answers, through the session, the observation, findings, sentences, the
    /// console's screens and the planner; an honest node stands beside it.
    static let answers = FuzzTarget("answers", "a stream of samples and answers to a console", limit: 16_384) { bytes in
        var listener = Listener()
        for line in bytes.split(separator: UInt8(ascii: "\n")) { listener.take(line) }
        listener.look()
    }
}

/// A console that listens to two agents, the second of which says what the fuzzer wants.
private struct Listener {
    private var observation = ClusterObservation(name: "web", address: Fixtures.address, nodes: ["node1", "node2"])
    private var session = NodeSession()
    private var now = 100.0
    private var tickets = 0

    init() {
        _ = session.start(now: now)
        for call: AgentCall in [
            .snapshot, .operations(Fixtures.address), .connections(Fixtures.address),
            .dropConnections(Fixtures.address, [1]),
            .apply(StepRequest(operation: "op-1", address: Fixtures.address, changes: [])),
        ] {
            tickets += 1
            _ = session.call(call, ticket: tickets, timeout: 5, now: now)
        }
        let driver = Fixtures.driver(owning: [1, 2, 3, 4, 5, 6, 7, 8])
        observation.take(driver.registry.sample(), ofNode: 0, now: now)
        observation.take(state: .live, failure: nil, delay: 0.001, ofNode: 0)
    }

    /// Takes a line as a link does.
    mutating func take(_ line: ArraySlice<UInt8>) {
        now += 0.3
        do throws(AgentFailure) {
            perform(session.handle(.frame(try AgentFrame(line: line)), now: now))
        } catch {
            requireSafe(error.message)
            perform(session.handle(.garbage(error), now: now))
        }
        perform(session.tick(now: now))
    }

    private mutating func perform(_ actions: [NodeSession.Action]) {
        for action in actions {
            switch action {
            case .sample(let sample): observation.take(sample, ofNode: 1, now: now)
            case .completed(_, .failure(let failure)): requireSafe(failure.message)
            case .completed, .open, .send, .close, .stateChanged: break
            }
        }
        observation.take(state: session.state, failure: session.failure, delay: session.delay, ofNode: 1)
        if let failure = session.failure { requireSafe(failure.sentence) }
        observation.beat()
    }

    /// Shows all that is known, and makes plans of it.
    func look() {
        guard let snapshot = observation.snapshot(now: now) else { return }
        for finding in snapshot.findings.map(WordedFinding.init) {
            for text in [finding.evidence, finding.effect, finding.remedy] { requireSafe(text) }
        }
        for node in snapshot.nodes {
            for line in NodeFact.lines(node, in: snapshot.configuration) { requireSafe(line.text) }
        }
        draw(snapshot)
        plan(snapshot)
    }

    private func draw(_ snapshot: ClusterSnapshot) {
        let size = Size(columns: 100, rows: 30)
        var state = ConsoleState(clusterName: "web", nodes: ["node1", "node2"], size: size)
        _ = update(&state, .tick(now: now))
        _ = update(&state, .snapshot(snapshot))
        for key: [Key] in [[], [.down, .enter], [.character("2")], [.character("2"), .enter], [.character("6")]] {
            for key in key { _ = update(&state, .key(key)) }
            requireSafe(render(state, size: size, glyphs: .unicode).0.picture())
        }
    }

    /// Plans that any operator may ask for; whatever the second node says, the first gives up nothing that it does not own.
    private func plan(_ snapshot: ClusterSnapshot) {
        let planner = Planner(snapshot: snapshot, operation: "op-1")
        for request: PlanRequest in [
            .repair, .drain("node1", mode: .graceful), .move([1, 9], to: "node2", mode: .graceful), .finalize(nil),
            .rebalance(.rate, mode: .graceful), .takeOver("node2", to: "node1"), .restore("node2", mode: .graceful),
        ] {
            do throws(PlanError) {
                let plan = try planner.plan(request)
                for text in [plan.title] + plan.impactSentences { requireSafe(text) }
                for step in plan.steps where step.role == .release && step.node == "node1" {
                    require(step.buckets.isSubset(of: BucketSet(1...8)), "node1 is to give up what it does not own")
                }
            } catch { requireSafe(error.sentence) }
        }
    }
}
