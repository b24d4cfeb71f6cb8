import Planning
import Testing

@testable import Console

@Suite("The Journal screen")
struct JournalScreenTests {
    @Test("opening it reads the journal, by its key and by going there")
    func reads() {
        var state = Fixture.console()
        #expect(state.type("5") == [.readJournal])
        #expect(state.type("1") == [])
    }

    @Test("what was cut off can be completed and taken back, as a plan that is shown first")
    func settles() {
        for (key, request) in [("c", RecoveryRequest.finish(Fixture.plan())), ("u", .undo(Fixture.plan()))] {
            var state = Fixture.console()
            _ = state.type("5")
            _ = update(&state, .journal([.example(.cutOff)]))
            #expect(state.type(key) == [.recover(request)])
            #expect(state.screen == .plan)
            var answer = Fixture.plan()
            answer.kind = request.kind
            _ = update(&state, .planReady(answer))
            #expect(state.plan.phase.prepared?.plan == answer)
        }
    }

    @Test("what a later entry completed or took back says so, and no sentence of the details is cut off")
    func tells() {
        var state = Fixture.console()
        _ = state.type("5")
        var undone = JournalEntry.example(.ended(.undone), hasPlan: false)
        undone.reason = (1...30).map { "word\($0)" }.joined(separator: " ")
        _ = update(&state, .journal([undone, .example(.ended(.resumed))]))
        let picture = state.picture()
        #expect(picture.contains("undone") && picture.contains("resumed") && picture.contains("word30"), "\(picture)")
        #expect(state.type("Down c") == [])
    }

    @Test("what is done can only be taken back, what runs neither")
    func refuses() {
        var state = Fixture.console(Fixture.cluster(holding: Fixture.plan().after))
        _ = state.type("5")
        _ = update(&state, .journal([.example(.ended(.done))]))
        #expect(state.type("c") == [])
        #expect(state.type("u") == [.recover(.undo(Fixture.plan()))])
        _ = state.type("5")
        _ = update(&state, .journal([.example(.running, hasPlan: false)]))
        #expect(state.type("c") == [])
        #expect(state.type("u") == [])
        #expect(state.screen == .journal)
    }
}
