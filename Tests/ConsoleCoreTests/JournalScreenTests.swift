import Testing

@testable import ConsoleCore

@Suite("The Journal screen")
struct JournalScreenTests {
    private func entry(_ outcome: JournalEntry.Outcome, hasPlan: Bool = true) -> JournalEntry {
        JournalEntry(
            time: "2026-11-22 14:02:31", actor: "root@console", title: "move 1,4,7 to node2", outcome: outcome,
            plan: hasPlan ? Fixture.plan() : nil)
    }

    @Test("opening it reads the journal, by its key and by going there")
    func reads() {
        var state = Fixture.console()
        #expect(state.type("5") == [.readJournal])
        #expect(state.type("1") == [])
    }

    @Test("what was cut off can be completed and taken back, as a plan that is shown first")
    func settles() {
        for (key, effect) in [("c", Effect.planFinish(Fixture.plan())), ("u", .planUndo(Fixture.plan()))] {
            var state = Fixture.console()
            _ = state.type("5")
            _ = update(&state, .journal([entry(.cutOff)]))
            #expect(state.type(key) == [effect])
            #expect(state.screen == .plan)
            _ = update(&state, .planReady(Fixture.plan()))
            #expect(state.plan.phase.prepared?.plan == Fixture.plan())
        }
    }

    @Test("what is done can only be taken back, what runs neither")
    func refuses() {
        var state = Fixture.console()
        _ = state.type("5")
        _ = update(&state, .journal([entry(.done)]))
        #expect(state.type("c") == [])
        #expect(state.type("u") == [.planUndo(Fixture.plan())])
        _ = state.type("5")
        _ = update(&state, .journal([entry(.running, hasPlan: false)]))
        #expect(state.type("c") == [])
        #expect(state.type("u") == [])
        #expect(state.screen == .journal)
    }
}
