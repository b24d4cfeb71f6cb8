import Canvas
import ClusterModel
import Planning
import Responsibility
import Testing

@testable import Console

/// Keys in, effects out.
@Test(
    arguments: [
        ("q", [.quit]), ("Ctrl-C", [.quit]), ("r", [.refresh]), ("T", [.setTheme("paper")]), ("Ctrl-L", [.repaint]),
        ("Ctrl-Z", [.suspend]), ("e", [.export(.status, name: "nodes", format: .json)]), (": q Enter", [.quit]),
        (": theme Space paper Enter", [.setTheme("paper")]),
        (": export Space csv Enter", [.export(.status, name: "nodes", format: .csv)]),
        (
            ": move Space 3,7-9 Space node2 Enter",
            [.plan(.move([3, 7, 8, 9], to: "node2", mode: .graceful))]
        ),
        ("2 m Enter", [.plan(.move([1], to: "node2", mode: .graceful))]),
        (
            "2 Space Space m Right Down Right Enter",
            [.plan(.move([1, 2], to: "node2", mode: .immediate))]
        ),
        ("d", [.plan(.drain("node1", mode: .graceful))]), ("R", [.plan(.restore("node1", mode: .graceful))]),
        (": drain Space node3 Enter", [.plan(.drain("node3", mode: .graceful))]),
        (": takeover Space node3 Enter", [.plan(.takeOver("node3", to: nil))]),
        (": repair Enter", [.plan(.repair)]),
        (": rebalance Enter", [.plan(.rebalance(.count, mode: .graceful))]),
        (": rebalance Space rate Enter", [.plan(.rebalance(.rate, mode: .graceful))]),
        (
            ": rebalance Space node1=2 Space node2=0.5 Enter",
            [.plan(.rebalance(.weight(["node1": 2, "node2": 0.5]), mode: .graceful))]
        ),
        (": rebalance Space heavy Enter", []),
        ("y", [.copy("node1 live owned 1,4,7,10,13,16")]), ("2 Right y", [.copy("bucket 2 of 16 owner node2")]),
        ("q q", [.quit, .quit]), ("/ q", []), ("? q", []), ("f", []), ("9", []), (": nonsense Enter", []),
    ] as [(String, [Effect])])
func keysHaveEffects(keys: String, effects: [Effect]) {
    var state = Fixture.console()
    #expect(state.type(keys) == effects)
}

@Test func everyScreenOpensByItsNumberItsNameAndTab() {
    for (index, screen) in allScreens.enumerated() {
        var state = Fixture.console()
        _ = state.type("\(index + 1)")
        #expect(state.screen == screen.id)
        state = Fixture.console()
        _ = state.type(": \(screen.title.lowercased()) Enter")
        #expect(state.screen == screen.id)
    }
    var state = Fixture.console()
    let ids = allScreens.map { $0.id }
    for screen in ids.dropFirst() + [.nodes] {
        _ = state.type("Tab")
        #expect(state.screen == screen)
    }
    _ = state.type("Shift-Tab")
    #expect(state.screen == ids.last)
}
