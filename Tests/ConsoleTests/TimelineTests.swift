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
