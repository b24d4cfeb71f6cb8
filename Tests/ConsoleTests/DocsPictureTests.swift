import Canvas
import ClusterModel
import Glibc
import Planning
import Testing
import ThemeFiles

@testable import Console

/// A screen as Docs/Pictures shows it.
private struct Shot: Sendable, CustomStringConvertible {
    var name: String
    var size = Size(columns: 120, rows: 36)
    var keys = ""
    var theme: String?
    var snapshot: @Sendable () -> ClusterSnapshot? = { Fixture.cluster() }
    var end = 170
    var after: @Sendable (inout ConsoleState) -> Void = { _ in }

    var description: String { name }

    var state: ConsoleState {
        var state = Fixture.console(snapshot(), size: size, lock: .operate)
        state.live(until: end)
        _ = state.type(keys)
        after(&state)
        return state
    }
}

private let shots: [Shot] = [
    Shot(name: "nodes"),
    Shot(name: "wall", size: Size(columns: 200, rows: 60), end: 400),
    Shot(name: "buckets", keys: "2", snapshot: { Fixture.cluster(nodes: 4, buckets: 64) }, end: 300),
    Shot(
        name: "map", keys: "2", snapshot: { Fixture.cluster(nodes: 8, buckets: 4096) }, end: 110),
    Shot(name: "waterfall", keys: "2 v"),
    Shot(name: "flow", keys: "3 i 10.9.1.2:4242 Enter"),
    Shot(
        name: "plan", keys: "1 Down m 1,4,7 Enter",
        after: { _ = update(&$0, .planReady(Fixture.plan())) }),
    Shot(
        name: "journal", keys: "5",
        after: { _ = update(&$0, .journal([.example(.cutOff, "drain node3"), .example(.ended(.done))])) }),
    Shot(name: "findings", keys: "6 Down", snapshot: { Fixture.trouble() }, end: 130),
    Shot(
        name: "timeline", keys: "7",
        after: {
            _ = update(&$0, .snapshot(Fixture.trouble()))
            _ = update(&$0, .journal([.example(.ended(.done))]))
        }),
    Shot(
        name: "clusters", keys: "8",
        after: { state in
            var other = Fixture.console(Fixture.trouble())
            other.live(until: 150)
            _ = update(&state, .clusters([state.summary, other.summary], front: 0))
        }),
    Shot(name: "help", keys: "?"),
    Shot(name: "theme-production", theme: "production"),
    Shot(name: "theme-blue-orange", theme: "blue-orange", snapshot: { Fixture.trouble() }, end: 130),
    Shot(name: "theme-solarized-light", theme: "solarized-light"),
]

/// The pictures of the documentation are made by `Scripts/pictures`; here each of them can be made.
@Test(arguments: shots)
private func docsPicture(_ shot: Shot) throws {
    let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
    let theme = try ThemeLibrary(directories: [root + "/Themes"]).load(shot.theme).theme
    let state = shot.state
    let text = SVGPicture(render(state, size: state.size, glyphs: .unicode).0, theme).text
    #expect(text.hasSuffix("</svg>\n") && text.utf8.count < 400_000, "\(text.utf8.count)")
    guard let directory = getenv("CLUSTERIP_PICTURES").map({ String(cString: $0) }) else { return }
    let file = try #require(fopen("\(directory)/\(shot.name).svg", "w"))
    defer { fclose(file) }
    fputs(text, file)
}
