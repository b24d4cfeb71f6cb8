import Canvas
import ClusterModel
import Planning
import Testing

@testable import Console

@Suite struct TimelineTests {
    private static func words(_ chronicle: Chronicle) -> [String] {
        chronicle.events.map { "\(Int($0.time)) \($0.group): \($0.sentence)" }
    }

    /// The cluster with node2 lost.
    private static var lost: ClusterSnapshot {
        var nodes = Fixture.cluster().nodes
        nodes[1].state = .unreachable
        nodes[1].age = 4
        nodes[1].failure = .silent(seconds: 4)
        var snapshot = ClusterSnapshot(configuration: Fixture.configuration(buckets: 16), nodes: nodes)
        snapshot.findings = snapshot.worstFindings()
        return snapshot
    }

    @Test func `a node that is lost and comes back is told, with what was found meanwhile`() {
        var chronicle = Chronicle()
        chronicle.take(Fixture.cluster(), at: 100)
        chronicle.take(Self.lost, at: 110)
        chronicle.take(Self.lost, at: 111)
        for second in 120...124 { chronicle.take(Fixture.cluster(), at: Double(second)) }
        let words = Self.words(chronicle)
        #expect(words.first == "100 cluster: this console began to watch: 16 of 16 buckets have an owner")
        #expect(
            words.contains("110 link: node2 is not heard any more: nothing heard for 4 s: the agent or its link hangs"))
        #expect(words.contains { $0.hasPrefix("110 finding: node2 is unreachable") })
        #expect(words.contains("120 link: node2 is heard again"))
        #expect(words.contains { $0.hasPrefix("111 finding: over after 1s: node2 is unreachable") })
        #expect(chronicle.events.map(\.time) == chronicle.events.map(\.time).sorted())
    }

    /// node1 was heard, the others are being connected to.
    private static var beginning: ClusterSnapshot {
        var nodes = Fixture.cluster().nodes
        for index in [1, 2] { nodes[index] = NodeStatus(name: nodes[index].name, state: .connecting) }
        var snapshot = ClusterSnapshot(configuration: Fixture.configuration(buckets: 16), nodes: nodes)
        snapshot.findings = snapshot.worstFindings()
        return snapshot
    }

    @Test func `while nodes introduce themselves nothing is said to be missing`() {
        var state = Fixture.console(nil)
        _ = update(&state, .snapshot(Self.beginning))
        #expect(state.chronicle.events.isEmpty && state.snapshot?.findings.isEmpty == true)
        #expect(Headline(state).choices.first == "waiting for node2, node3" && Headline(state).level == .pending)
        _ = update(&state, .tick(now: 101))
        _ = update(&state, .snapshot(Fixture.cluster()))
        #expect(state.chronicle.events.map(\.group) == ["cluster"])
        #expect(state.chronicle.events[0].sentence.contains("16 of 16"))
    }

    @Test func `a node that is never heard is not waited for longer than some seconds`() {
        var state = Fixture.console(nil)
        for second in 100...106 {
            _ = update(&state, .tick(now: Double(second)))
            _ = update(&state, .snapshot(Self.beginning))
        }
        #expect(state.chronicle.events.map(\.group) == ["cluster", "finding"])
        #expect(state.snapshot?.findings.map(\.code) == ["orphan"])
        #expect(Headline(state).level == .warning)
        #expect(Headline(state).choices.first == "6/16 buckets covered, waiting for node2, node3")
    }

    @Test func `a finding keeps its age when its code changes, and when it flickers`() {
        func snapshot(_ state: NodeState) -> ClusterSnapshot {
            var nodes = Fixture.cluster().nodes
            nodes[1].state = state
            var snapshot = ClusterSnapshot(configuration: Fixture.configuration(buckets: 16), nodes: nodes)
            snapshot.findings = snapshot.worstFindings()
            return snapshot
        }
        var state = Fixture.console()
        var codes: [String] = []
        for (second, node) in zip(110...114, [NodeState.stale, .stale, .live, .unreachable, .unreachable]) {
            _ = update(&state, .tick(now: Double(second)))
            _ = update(&state, .snapshot(snapshot(node)))
            codes += state.findings.shown.map(\.code)
        }
        #expect(codes == ["node_stale", "node_stale", "unserved", "unserved"])
        #expect(state.findings.age(of: state.findings.shown[0], now: state.now) == 4)
    }

    @Test func `what changes no more is kept once, and the rest at the end`() {
        var state = Fixture.console()
        #expect(update(&state, .tick(now: 105)) == [])
        guard case .keep(let first) = update(&state, .tick(now: 111)).first else {
            Issue.record("nothing was kept")
            return
        }
        #expect(first.map(\.what) == ["a console began to watch: 16 of 16 buckets have an owner"])
        #expect(first.map(\.time) == ["1970-01-01T00:01:40Z"])
        #expect(update(&state, .tick(now: 112)) == [])
        _ = update(&state, .snapshot(Self.lost))
        guard case .keep(let last) = update(&state, .ending).first else {
            Issue.record("nothing was kept at the end")
            return
        }
        #expect(last.map(\.kind) == ["link", "finding"] && last.map(\.node) == ["node2", "node2"])
    }

    @Test func `what earlier consoles kept stands below what this one saw`() {
        var state = Fixture.console()
        let kept = TimelineRecord(
            time: "1970-01-01T00:00:40Z", kind: "finding", severity: "critical", node: "node2", buckets: "2,5",
            what: "node2 was lost")
        let late = TimelineRecord(
            time: "1970-01-02T00:00:40Z", kind: "finding", severity: nil, node: nil, buckets: nil, what: "later")
        _ = update(&state, .kept([kept, late]))
        _ = state.type("7 End")
        #expect(state.timeline.rows.map(\.sentence).last == "node2 was lost")
        #expect(state.timeline.rows.count == 2 && state.selection.buckets == [2, 5])
        _ = state.type("/ critical Enter")
        #expect(state.timeline.rows.count == 1)
    }

    @Test func `a finding that flickers is one`() {
        var chronicle = Chronicle()
        chronicle.take(Fixture.cluster(), at: 100)
        for second in 101...120 { chronicle.take(second % 2 == 0 ? Self.lost : Fixture.cluster(), at: Double(second)) }
        #expect(chronicle.events.count { if case .foundProblem = $0.kind { true } else { false } } == 1)
        #expect(!chronicle.events.contains { if case .problemEnded = $0.kind { true } else { false } })
    }

    @Test func `buckets that move one after the other are one move`() {
        var chronicle = Chronicle()
        chronicle.take(Fixture.cluster(), at: 100)
        var nodes = Fixture.cluster().nodes
        for bucket in [1, 4, 7] {
            nodes[0].sample?.ownership.set(bucket, to: .draining)
            chronicle.take(ClusterSnapshot(configuration: Fixture.configuration(buckets: 16), nodes: nodes), at: 101)
            nodes[1].sample?.ownership.set(bucket, to: .owned)
            chronicle.take(ClusterSnapshot(configuration: Fixture.configuration(buckets: 16), nodes: nodes), at: 102)
        }
        #expect(Self.words(chronicle).dropFirst() == ["102 move: buckets 1,4,7 are node2's now, before node1's"])
    }

    @Test func `another program's commits are told, ours are not`() {
        var chronicle = Chronicle()
        var snapshot = Fixture.cluster()
        chronicle.take(snapshot, at: 100)
        snapshot.nodes[0].lastChange = RulesetChange(generation: 7, by: .agent(pid: 4))
        chronicle.take(snapshot, at: 101)
        for generation in 8...10 as ClosedRange<UInt32> {
            let nft = ProgramIdentity.Process(name: "nft", pid: generation, user: "ops")
            snapshot.nodes[0].lastChange = RulesetChange(generation: generation, by: .other(nft))
            chronicle.take(snapshot, at: 101 + Double(generation))
        }
        #expect(Self.words(chronicle).dropFirst() == ["109 ruleset: nft of ops changed the ruleset of node1, 3 times"])
    }

    @Test func `memory is bounded`() {
        var chronicle = Chronicle()
        for second in 0..<5000 {
            var nodes = Fixture.cluster(buckets: 2).nodes
            nodes[0].state = second % 2 == 0 ? .live : .unreachable
            chronicle.take(
                ClusterSnapshot(configuration: Fixture.configuration(buckets: 2), nodes: nodes), at: Double(second))
        }
        #expect(chronicle.events.count == Chronicle.limit)
    }

    @Test func `operations of the journal stand among what was seen, by their time`() {
        var state = Fixture.console(nil)
        _ = update(&state, .tick(now: 100, day: 1_795_875_511))
        _ = update(&state, .snapshot(Fixture.cluster()))
        _ = update(
            &state,
            .journal([
                .example(.ended(.done), at: "2026-11-28T14:20:00.000Z"), .example(.running, at: "2026-11-28 14:18:00"),
            ]))
        _ = update(&state, .tick(now: 200))
        _ = update(&state, .snapshot(Self.lost))
        let groups = state.happened(before: nil).map(\.group)
        #expect(groups.last == "operation" && groups.contains("link"))
        #expect(groups.firstIndex(of: "operation")! > groups.firstIndex(of: "link")!)
        _ = state.type("7 / operation Enter")
        #expect(state.timeline.rows.count == 2)
        _ = state.type("/ Space !done Enter")
        #expect(state.timeline.rows.count == 1)
        _ = state.type("Esc End Enter")
        #expect(state.view.cursor == state.timeline.rows.last?.time)
    }
}
