import Canvas
import Testing

@testable import ConsoleCore

@Test func look() {
    for (columns, rows) in [(80, 24), (120, 36), (40, 10)] {
        for screen in ["1", "2", "3", "4", "6", "?"] {
            var state = Fixture.console(size: Size(columns: columns, rows: rows))
            _ = state.type(screen)
            if screen == "3" { _ = state.type("10.9.1.2:4242") }
            if screen == "4" { _ = state.type("2 Space Space m Enter"); _ = update(&state, .planReady(Fixture.plan())) }
            print("=== \(columns)x\(rows) \(screen)")
            print(state.picture())
        }
    }
}
