import ClusterModel
import Planning
import Testing
import Wording

@testable import Console

@Suite("What follows a plan in the console")
struct AfterwardsTests {
    /// A console that shows a plan; the words are typed then.
    private func ready(_ words: String, mode: MoveMode = .graceful) -> ConsoleState {
        var state = Fixture.console(lock: .operate)
        _ = state.type(": move Space 1,4,7 Space node2 Space \(mode.rawValue) Enter")
        _ = update(&state, .planReady(Fixture.plan(mode: mode)))
        _ = state.type(words)
        return state
    }

    @Test("w chooses a longer wait and at last none; t what becomes of the rest")
    func chooses() {
        var state = ready("")
        #expect(state.plan.afterwards == Afterwards())
        for seconds in [60.0, 600, 3600, nil] {
            _ = state.type("w")
            #expect(state.plan.afterwards.wait == seconds)
        }
        _ = state.type("t")
        #expect(!state.plan.afterwards.resets)
        _ = state.type("w t")
        #expect(state.plan.afterwards == Afterwards(wait: 60, resets: true))
    }

    @Test("a wait is typed, too", arguments: [("90s", 90.0), ("10m", 600), ("2h", 7200), ("0", nil), ("x", nil)])
    func typed(text: String, seconds: Double?) {
        #expect(ready(": wait Space \(text) Enter").plan.afterwards.wait == seconds)
        #expect(ready(": wait Space \(text) Space reset Enter").plan.afterwards.resets == (seconds != nil))
    }

    @Test("an immediate plan keeps no connections: there is nothing to wait for")
    func immediate() {
        #expect(ready("w", mode: .immediate).plan.afterwards == Afterwards())
    }

    @Test("what is chosen goes with the plan; a reset wants the node's name")
    func executes() {
        var state = ready("w")
        #expect(state.type("Y Enter") == [.execute(Fixture.plan(), forced: [], afterwards: Afterwards(wait: 60))])
        let names = Fixture.plan().drains.keys.sorted()
        state = ready("w t Y")
        #expect(
            state.type("\(names.joined(separator: " Space ")) Enter Enter")
                == [
                    .execute(
                        Fixture.plan(), forced: names.map { _ in "connections-reset" },
                        afterwards: Afterwards(wait: 60, resets: true))
                ])
    }

    @Test("while connections are waited for, the most and the rest are kept, and the time runs from the first word")
    func waits() {
        var state = ready("w Y Enter")
        _ = update(&state, .planWaiting(.connections(60)))
        #expect(state.plan.waiting == ShownWait(wait: .connections(60), end: 160))
        _ = update(&state, .planWaiting(.connections(60), left: ["node1": [1: 5, 4: 2]]))
        _ = update(&state, .tick(now: 110))
        _ = update(&state, .planWaiting(.connections(60), left: ["node1": [4: 1]]))
        #expect(
            state.plan.waiting
                == ShownWait(wait: .connections(60), end: 160, left: ["node1": [4: 1]], most: 7))
        #expect(state.type("x") == [.abortExecution])
        _ = update(&state, .planFinished(.completed(notes: ["node1 ends draining: no"])))
        #expect(state.plan.waiting == nil && state.notice?.text.kind == .warning)
    }

    @Test("a plan that was stopped can be completed and taken back right there")
    func stopped() {
        for (key, request) in [("c", RecoveryRequest.finish(Fixture.plan())), ("u", .undo(Fixture.plan()))] {
            var state = ready("Y Enter x")
            _ = update(&state, .planFinished(.stopped("node1: no answer")))
            #expect(state.screen == .plan)
            #expect(state.type(key) == [.recover(request)])
        }
        var done = ready("Y Enter")
        _ = update(&done, .planFinished(.completed()))
        #expect(done.type("c") == [])
    }

    @Test("a plan whose world has changed says so before anybody presses Y, and what holds now")
    func stale() {
        var state = ready("")
        #expect(state.staleness == nil)
        _ = update(&state, .snapshot(Fixture.overtaken()))
        #expect(state.staleness?.sentence == "bucket 4 was owned on node1 and is draining there now; node3 answers it")
        #expect(state.picture().contains("the plan is stale: bucket 4 was owned on node1"))
    }

    @Test("a plan that knows only the nodes that take part shows the others as they are")
    func bystanders() {
        var plan = Fixture.plan()
        plan.before["node3"] = nil
        var state = Fixture.console(lock: .operate)
        _ = state.type(": move Space 1,4,7 Space node2 Enter")
        let whole = ready("").picture()
        _ = update(&state, .planReady(plan))
        #expect(state.picture() == whole)
    }

    @Test("while a plan is carried out or waits, another request says what is in its way and which key ends that")
    func busy() {
        var state = ready("w Y Enter")
        #expect(state.type(": repair Enter") == [])
        #expect(state.notice?.text.text == "a plan is being executed: wait until it has ended; x on screen 4 stops it")
        _ = update(&state, .planWaiting(.connections(60), left: ["node1": [1: 5]]))
        for request in [": repair Enter", "2 m", "2 Space", ": drain Space node1 Enter"] {
            state.screen = .nodes
            state.notice = nil
            #expect(state.type(request) == [])
            #expect(
                state.notice?.text.text == "the last plan still waits: x on screen 4 ends the wait, then plan again",
                "\(request)")
        }
        #expect(state.finishObstacle != nil && state.draftObstacle?.hasPrefix("the last plan still waits") == true)
    }

    @Test("settling is a plan without moves, of all nodes or of one")
    func settles() {
        var state = Fixture.console(lock: .operate)
        #expect(state.type(": settle Enter") == [.plan(.finalize(nil))])
        state = Fixture.console(lock: .operate)
        #expect(state.type(": settle Space node1 Enter") == [.plan(.finalize("node1"))])
    }

    @Test("the line of a drain names the busiest buckets")
    func line() {
        let line = DrainLine(
            left: ["node1": [1: 3, 7: 9], "node2": [:]], most: 40, secondsLeft: 581)
        #expect(line.head == "12 of 40 connections left, 9:41 to go")
        #expect(line.bar(10) == "[#######...]")
        #expect(line.nodes == ["node1: 9 in bucket 7, 3 in bucket 1"])
        #expect(DrainLine.words([1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 4, 8: 1]).hasSuffix("2 in 2 more"))
        #expect(DrainLine.words([1: 1, 2: 4], naming: 0) == "5 in 2 buckets")
        #expect(line.fitting(200) == "[##############......] \(line.head); node1: 9 in bucket 7, 3 in bucket 1")
        #expect(line.fitting(86) == "[#######...] \(line.head); node1: 9 in bucket 7, 3 in 1 more")
        #expect(line.fitting(80) == "[#######...] \(line.head); node1: 12 in 2 buckets")
        #expect(line.nodes(fitting: 30) == ["node1: 12 in 2 buckets"])
        #expect(line.fitting(40) == line.head)
        #expect(DrainLine.clock(4145) == "1:09:05")
    }

    @Test("counts that are too large to be added stop nothing")
    func tooMany() {
        var line = DrainLine(
            left: ["node1": [1: .max, 2: .max], "node2": [3: 1]], most: .max, secondsLeft: 60)
        #expect(line.head == "9223372036854775807 of 9223372036854775807 connections left, 1:00 to go")
        #expect(line.bar(10) == "[..........]" && line.fitting(400).contains("9223372036854775807 in bucket 1"))
        #expect(DrainLine.words([1: .max, 2: .max], naming: 0) == "9223372036854775807 in 2 buckets")
        line.left = ["node1": [1: 1]]
        #expect(line.bar(10) == "[##########]")
    }
}
