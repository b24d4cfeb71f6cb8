import ClusterModel
import Glibc
import Journal
import Planning
import Testing

@Suite("What is written can be read")
struct JournalTests {
    private static let refused = StepProgress.refused(.agent("no \u{1b}[31mway"))

    @Test("an operation comes back as it was, with its steps in order")
    func roundTrip() throws {
        try TestDirectory.run { directory in
            let path = directory.path + "/state/clusterip/journal.sqlite"
            let plan = Example.plan("op-1", reason: "kernel update")
            let journal = Journal(path: path)
            try journal.begin(plan, cluster: "lab", who: Example.anna)
            try journal.intend("op-1", [plan.step(0)])
            try journal.conclude("op-1", [plan.step(0, .done)])
            try journal.intend("op-1", [plan.step(1)])
            try journal.conclude("op-1", [plan.step(1, Self.refused)])
            let back = PlanStep(.giveBack("node1", from: "node2"), plan.moving[0].action)
            let last = JournalStep(position: 2, back, .done)
            try journal.intend("op-1", [last])
            try journal.end("op-1", .partly, steps: [plan.step(0, .done), plan.step(1, Self.refused), last])

            let found = try #require(try Journal(path: path).operation("op-1"))
            #expect(found.who == Example.anna)
            #expect(found.who.text == "anna as root@console")
            #expect(found.reason == "kernel update")
            #expect(found.plan?.moves == plan.moves)
            #expect(found.plan?.before == plan.before)
            #expect(found.plan?.risks.first == .silentNodes(["odd \u{fffd}[2J things"]))
            #expect(found.outcome == .ended(.partly))
            #expect(found.steps.map(\.node) == ["node1", "node2", "node1"])
            #expect(found.steps.map(\.state) == ["done", "refused", "done"])
            #expect(found.steps.map(\.step?.role) == [plan.moving[0].role, plan.moving[1].role, .giveBack])
            #expect(
                found.steps.map(\.step?.action) == [0, 1, 0].map { plan.moving[$0].action })
            #expect(found.steps[1].progress == .refused(.recorded("no \u{fffd}[31mway")))
            #expect(found.steps.allSatisfy { ($0.intended ?? "~") <= ($0.concluded ?? "") })
        }
    }

    @Test("operations are listed newest first, of one cluster or of all")
    func order() throws {
        try TestDirectory.run { directory in
            let journal = Journal(path: directory.path + "/j")
            for (id, cluster) in [("op-a", "lab"), ("op-b", "web"), ("op-c", "lab")] {
                try journal.begin(Example.plan(id), cluster: cluster)
                try journal.end(id, .done)
            }
            #expect(try journal.operations().map(\.id) == ["op-c", "op-b", "op-a"])
            #expect(try journal.operations(cluster: "lab").map(\.id) == ["op-c", "op-a"])
            #expect(try journal.operations(limit: 1).map(\.id) == ["op-c"])
            #expect(try journal.history(cluster: "web")[0].steps.count == 2)
            #expect(try journal.history(budget: 500).map { $0.plan != nil } == [true, false, false])
        }
    }

    @Test("an operation that is done resolves the one it completes or takes back")
    func resolving() throws {
        try TestDirectory.run { directory in
            let journal = Journal(path: directory.path + "/j")
            try journal.begin(Example.plan("op-1"), cluster: "lab")
            try journal.end("op-1", .done)
            try journal.begin(Example.plan("op-2"), cluster: "lab", resolves: "op-1")
            try journal.end("op-2", .partly)
            #expect(try journal.operation("op-1")?.outcome == .ended(.done))
            try journal.begin(Example.plan("op-3"), cluster: "lab", resolves: "op-1")
            try journal.end("op-3", .done, resolving: .undone)
            #expect(try journal.operation("op-1")?.outcome == .ended(.undone))
            #expect(try journal.operation("op-3")?.resolves == "op-1")
        }
    }

    @Test("where there is no journal nothing is found and nothing is made")
    func absent() throws {
        try TestDirectory.run { directory in
            let path = directory.path + "/none/journal.sqlite"
            let found = try Journal(path: path).operations() + Journal(path: path).cutOff()
            #expect(found.isEmpty)
            #expect(access(directory.path + "/none", F_OK) != 0)
        }
    }

    @Test("the directory and the files are the user's alone")
    func modes() throws {
        try TestDirectory.run { directory in
            let journal = Journal(path: directory.path + "/s/clusterip/j")
            try journal.begin(Example.plan("op-1"), cluster: "lab")
            let modes = try shell("stat -c %a '\(directory.path)/s/clusterip' '\(directory.path)'/s/clusterip/*")
            #expect(Set(modes.split(separator: "\n")) == ["700", "600"])
        }
    }

    @Test("two programs write at once, and nothing is lost")
    func twoWriters() throws {
        try TestDirectory.run { directory in
            let journals = (0..<2).map { _ in Journal(path: directory.path + "/j") }
            for round in 0..<20 {
                let plans = [Example.plan("op-a\(round)"), Example.plan("op-b\(round)")]
                for (journal, plan) in zip(journals, plans) { try journal.begin(plan, cluster: "lab") }
                for step in 0..<2 {
                    for (journal, plan) in zip(journals, plans) {
                        try journal.intend(plan.operation, [plan.step(step)])
                        try journal.conclude(plan.operation, [plan.step(step, .done)])
                    }
                }
                for (journal, plan) in zip(journals, plans) { try journal.end(plan.operation, .done) }
            }
            let all = try journals[0].history()
            #expect(all.count == 40)
            #expect(all.allSatisfy { $0.outcome == .ended(.done) && $0.steps.map(\.state) == ["done", "done"] })
        }
    }

    @Test("a plan of many buckets is kept whole")
    func manyBuckets() throws {
        try TestDirectory.run { directory in
            var plan = Example.plan("op-1")
            plan.moves = (1...16_384).map { Move(bucket: $0, from: "node1", to: $0 % 2 == 0 ? "node2" : "node3") }
            plan.before = [
                "node1": Ownership(owned: BucketSet(1...16_384)), "node2": Ownership(), "node3": Ownership(),
            ]
            let journal = Journal(path: directory.path + "/j")
            try journal.begin(plan, cluster: "lab")
            let found = try #require(try journal.operation("op-1"))
            #expect(found.plan?.moves == plan.moves)
            #expect(found.steps.map(\.step?.action) == plan.moving.map(\.action))
        }
    }
}
