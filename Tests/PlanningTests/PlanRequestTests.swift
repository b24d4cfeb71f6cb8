import ClusterModel
import Planning
import Testing

@Suite struct PlanRequestTests {
    @Test func `a drained node's buckets go where the least is, in runs`() throws {
        let plan = try planned(.drain("node1", mode: .graceful), cluster([[1, 2, 3, 4], [5, 6, 7], [8]]))
        #expect(plan.ways == ["1:node1>node2", "2:node1>node3", "3:node1>node3", "4:node1>node3"])
        #expect(plan.after["node1"]?.draining == [1, 2, 3, 4])
    }

    /// A service that hangs.
    private static var silent: ServiceRecord {
        var silence = ServiceRecord.Silence()
        (silence.seconds, silence.intervals, silence.byPackets, silence.byTime) = (5, 5, 50, 50)
        return ServiceRecord(silence: silence, accepted: 50, seconds: 5)
    }

    @Test func `a plan that chooses gives nothing to nodes that do not serve, as long as others do`() throws {
        var web = cluster([[1, 2, 3, 4], [5, 6], [7, 8]])
        web.nodes[1].service = Self.silent
        #expect(try planned(.drain("node1", mode: .immediate), web).targets == ["node3"])
        #expect(try planned(.drain("node2", mode: .immediate), web).targets == ["node3"])
        web.nodes[0].service = ServiceRecord(accepted: 50, replied: 50, seconds: 5)
        let alike = try planned(.drain("node2", mode: .immediate), web).targets
        #expect(alike == ["node1"], "node3 has no traffic, and may have failed, too")
        web.nodes[2].sample?.health.interfaceUp = false
        #expect(
            try planned(.drain("node1", mode: .immediate), web).targets == ["node2", "node3"],
            "no other node serves")
        web.nodes[0].state = .unreachable
        web.nodes[1].service = nil
        #expect(try planned(.takeOver("node1", to: nil), web).targets == ["node2"])
        var orphaned = cluster([[1, 2], [5, 6], [7, 8]])
        orphaned.nodes[0].service = Self.silent
        #expect(try planned(.repair, orphaned).targets == ["node2", "node3"])
    }

    @Test func `the lost connections of one node or of all are let in, but not in buckets that another node keeps`()
        throws
    {
        var web = cluster([[1, 2, 3], [4, 5, 6], [7, 8]], draining: [[], [], [2]])
        #expect(throws: PlanError.nothingToDo(.nothingLost(node: nil))) { try planned(.adopt(nil), web) }
        web.nodes[0].service = ServiceRecord(accepted: 9, seconds: 3, strays: [1: 6, 2: 6, 4: 6])
        web.nodes[1].service = ServiceRecord(accepted: 9, seconds: 3, strays: [5: 7])
        #expect(try planned(.adopt(nil), web).adopted == ["node1": [1], "node2": [5]])
        #expect(try planned(.adopt("node2"), web).adopted == ["node2": [5]])
        #expect(throws: PlanError.nothingToDo(.nothingLost(node: "node3"))) { try planned(.adopt("node3"), web) }
        let remedies = web.worstFindings().filter { $0.code == "connections_lost" }.map(\.remedy)
        #expect(remedies == [.adopt(node: nil), .adopt(node: nil)])
        web.nodes[1].service = nil
        #expect(web.worstFindings().first { $0.code == "connections_lost" }?.remedy == .adopt(node: "node1"))
    }

    @Test func `a restored node gets what it still drains, and no more than its share`() throws {
        let plan = try planned(
            .restore("node1", mode: .graceful),
            cluster([[], [1, 2, 3, 4], [5, 6, 7, 8]], draining: [[2], [], []]))
        #expect(plan.ways == ["2:node2>node1", "8:node3>node1"])
        #expect(throws: PlanError.self) {
            try planned(.restore("node1", mode: .graceful), cluster([[1, 2], [3, 4, 5], [6, 7, 8]]))
        }
    }

    @Test func `a dead node's buckets are claimed by adoption, when the operator names the node`() throws {
        let dead = cluster([[1, 2, 3], [4, 5], [6, 7, 8]], states: [.live, .live, .unreachable])
        let plan = try planned(.takeOver("node3", to: nil), dead)
        #expect(plan.ways == ["6:->node1", "7:->node2", "8:->node2"])
        #expect(plan.claimed.allSatisfy { $0.from == nil && $0.to == .adopted })
        #expect(plan.risks.filter(\.mustBeForced).map(\.name) == ["not-fenced"])
        #expect(plan.risks.first?.node == "node3")
        #expect(try planned(.takeOver("node3", to: "node2"), dead).ways == ["6:->node2", "7:->node2", "8:->node2"])
        #expect(try planned(.move([7], to: "node1", mode: .takeOver), dead).ways == ["7:->node1"])
    }

    @Test func `what another live node still drains is not adopted, so that its connections are not reset`() throws {
        let dead = cluster(
            [[1, 2, 3], [4, 5], [6, 7, 8]], draining: [[6], [7], [1]], states: [.live, .live, .unreachable])
        let plan = try planned(.takeOver("node3", to: "node1"), dead)
        let states = Dictionary(uniqueKeysWithValues: plan.claimed.map { ($0.bucket, $0.to) })
        #expect(states == [6: .adopted, 7: .owned, 8: .adopted])
    }

    @Test func `of a dead node that was never heard, all that nobody answers is taken over`() throws {
        let unheard = cluster(
            [[1, 2, 3], [], []], states: [.live, .unreachable, .connecting], heard: [true, false, false])
        let plan = try planned(.takeOver("node2", to: nil), unheard)
        #expect(plan.buckets == [4, 5, 6, 7, 8])
        #expect(plan.risks.map(\.name) == ["not-fenced", "silent-nodes", "unknown-connections"])
    }

    @Test func `what was taken over already is not taken over again, and moves on freely`() throws {
        let after = cluster([[1, 2, 3, 6, 7, 8], [4, 5], [6, 7, 8]], states: [.live, .live, .unreachable])
        #expect(throws: PlanError.self) { try planned(.takeOver("node3", to: nil), after) }
        #expect(try planned(.move([6], to: "node2", mode: .graceful), after).ways == ["6:node1>node2"])
    }

    @Test func `nothing is taken over from a live node`() {
        #expect(throws: PlanError.nodeLive("node1")) {
            try planned(.takeOver("node1", to: nil), cluster([[1, 2, 3, 4], [5, 6, 7, 8]]))
        }
        #expect(throws: PlanError.nodeLive("node2")) {
            try planned(.move([5], to: "node1", mode: .takeOver), cluster([[1, 2, 3, 4], [5, 6, 7, 8]]))
        }
    }

    @Test func `repair leaves every bucket one owner, and claims nothing that is there`() throws {
        let plan = try planned(.repair, cluster([[1, 2, 3, 5], [3, 4, 5], [3]], draining: [[], [8], []]))
        #expect(
            plan.ways == [
                "3:node2>node3", "3:node1>node3", "5:node1>node2", "6:->node3", "7:->node3", "8:->node2",
            ])
        #expect(
            plan.claimed.map(\.bucket).sorted() == [6, 7, 8])
        #expect(plan.after.values.reduce(0) { $0 + $1.accepting.count } == 8)
        #expect(plan.after["node2"]?.owned.contains(8) == true)
    }

    @Test func `repair asks for a word when a node cannot be asked`() throws {
        let plan = try planned(
            .repair,
            cluster(
                [[1, 2, 3], [4, 5, 6, 7], []], states: [.live, .live, .unreachable], heard: [true, true, false]))
        #expect(plan.risks.map(\.name) == ["silent-nodes"])
        #expect(throws: PlanError.self) { try planned(.repair, cluster([[1, 2, 3, 4], [5, 6, 7, 8]])) }
    }

    @Test func `rebalancing says the imbalance before and after`() throws {
        let plan = try planned(.rebalance(.count, mode: .graceful), cluster([[1, 2, 3, 4, 5, 6], [7, 8]]))
        #expect(plan.ways == ["5:node1>node2", "6:node1>node2"])
        #expect(plan.balance?.imbalanceBefore == 0.25)
        #expect(plan.balance?.imbalanceAfter == 0)
        #expect(throws: PlanError.self) {
            try planned(.rebalance(.count, mode: .graceful), cluster([[1, 2, 3], [4, 5, 6], [7, 8]]))
        }
    }

    @Test func `a weight gives a node its part, none with 0`() throws {
        let nodes = cluster([[1, 2, 3], [4, 5, 6], [7, 8]])
        let plan = try planned(.rebalance(.weight(["node1": 2, "node3": 0]), mode: .graceful), nodes)
        #expect(plan.after.mapValues { $0.accepting.count } == ["node1": 5, "node2": 3, "node3": 0])
        #expect(throws: PlanError.self) { try planned(.rebalance(.weight(["node1": -1]), mode: .graceful), nodes) }
        #expect(throws: PlanError.self) { try planned(.rebalance(.weight(["node1": .nan]), mode: .graceful), nodes) }
        #expect(throws: PlanError.unknownNode("node9", known: ["node1", "node2", "node3"])) {
            try planned(.rebalance(.weight(["node9": 1]), mode: .graceful), nodes)
        }
    }

    @Test func `measured rates are spread by moving the busiest that fit`() throws {
        let rates: [[Double]] = [[500, 100, 100, 100, 0, 0, 0, 0], [0, 0, 0, 0, 50, 50, 50, 50]]
        let plan = try planned(
            .rebalance(.rate, mode: .graceful), cluster([[1, 2, 3, 4], [5, 6, 7, 8]], rates: rates))
        #expect(plan.ways == ["2:node1>node2", "3:node1>node2", "4:node1>node2"])
        #expect(plan.balance?.imbalanceAfter == 0)
        #expect(plan.impact?["node1"]?.rate?.packetsPerSecond == 300)
        #expect(throws: PlanError.noRates) {
            try planned(.rebalance(.rate, mode: .graceful), cluster([[1, 2, 3, 4], [5, 6, 7, 8]]))
        }
    }

    @Test func `undo takes back what is in place, and leaves out what came back`() throws {
        let before = cluster([[1, 2, 3, 4], [5, 6, 7, 8]])
        let plan = try planned(.move([1, 2], to: "node2", mode: .graceful), before)
        #expect(
            plan.inverse == [Move(bucket: 1, from: "node2", to: "node1"), Move(bucket: 2, from: "node2", to: "node1")])
        let half = cluster([[1, 3, 4], [2, 5, 6, 7, 8]], draining: [[2], []])
        let undo = try Planner(snapshot: half, operation: "op-1").inverse(of: plan)
        #expect(undo.ways == ["2:node2>node1"])
        #expect(undo.claimed == [.init(bucket: 2, from: .draining, to: .owned, by: "op-1-guard")])
    }

    @Test func `what has gone to a third node since is not taken back from there`() throws {
        let plan = try planned(.move([1], to: "node2", mode: .graceful), cluster([[1, 2], [3], [4]]))
        #expect(throws: PlanError.movedOn(1, to: "node3")) {
            try Planner(snapshot: cluster([[2], [3], [1, 4]]), operation: "op-1").inverse(of: plan)
        }
    }

    @Test func `a plan that leaves one node with everything says so`() throws {
        let plan = try planned(.drain("node1", mode: .graceful), cluster([[1, 2, 3, 4], [5, 6, 7, 8]]))
        #expect(plan.risks.map(\.name) == ["one-node"])
    }

    @Test func `a stale plan is refused with what changed`() throws {
        let before = cluster([[1, 2, 3, 4], [5, 6, 7, 8]])
        let plan = try planned(.move([1], to: "node2", mode: .graceful), before)
        let later = cluster([[2, 3, 4], [1, 5, 6, 7, 8]])
        let staleness = try #require(Staleness(plan, in: later))
        #expect(staleness.node == "node1" && staleness.buckets == [1] && staleness.owners == ["node2"])
        #expect(staleness.then == .owned && staleness.now == nil)
        #expect(throws: PlanError.changedSince(staleness)) {
            try Planner(snapshot: later, operation: "op-2").requireCurrent(plan)
        }
        try Planner(snapshot: cluster([[1, 3, 4], [2, 5, 6, 7, 8]]), operation: "op-2").requireCurrent(plan)
    }

    @Test func `live connections are counted where they are known`() throws {
        let planner = Planner(
            snapshot: cluster([[1, 2, 3, 4], [5, 6, 7, 8]]), operation: "op-1", reason: "new disk",
            connections: ["node1": [1: 12, 2: 3, 9: 4]])
        let plan = try planner.plan(.move([1, 2, 5], to: "node2", mode: .graceful))
        #expect(plan.impact == ["node1": Impact(connections: 15)])
        #expect(plan.reason == "new disk")
    }

    @Test func `what an earlier plan left draining is not waited for or reset by the next`() throws {
        let plan = try planned(
            .move([1], to: "node2", mode: .graceful),
            cluster([[1, 2, 3, 4], [5, 6, 7, 8], []], draining: [[], [], [1, 5]]))
        #expect(plan.drains == ["node1": [1]])
        #expect(plan.deadlineRisks(60) == [.connectionsReset(node: "node1", [1], after: 60)])
    }

    @Test func `settling ends draining where another node answers, and adopting; nothing moves`() throws {
        let plan = try planned(.finalize(nil), cluster([[1, 2, 3], [4, 5, 6, 7]], draining: [[4, 8], [1]]))
        #expect(plan.finalization == ["node1": Ownership(draining: [4]), "node2": Ownership(draining: [1])])
        #expect(plan.moves.isEmpty && plan.drains == ["node1": [4], "node2": [1]])
        #expect(throws: PlanError.nothingToDo(.nothingToFinalize(node: "node2"))) {
            try planned(.finalize("node2"), cluster([[1, 2, 3, 4], [5, 6, 7, 8]], draining: [[5], []]))
        }
    }
}
