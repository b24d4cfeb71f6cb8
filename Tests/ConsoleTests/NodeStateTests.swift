import Canvas
import ClusterModel
import Testing

@testable import Console

/// The line `state` of a node, on the Nodes screen.
@Suite struct NodeStateTests {
    /// A node whose table was flushed while its agent is heard: clients of its buckets get nothing.
    private static func flushed() -> ClusterSnapshot {
        var nodes = Fixture.cluster().nodes
        (nodes[0].lost, nodes[0].sample) = (nodes[0].sample, nil)
        (nodes[0].isBare, nodes[0].isGuarded) = (true, true)
        var snapshot = ClusterSnapshot(configuration: Fixture.cluster().configuration, nodes: nodes, history: [])
        snapshot.findings = snapshot.worstFindings()
        return snapshot
    }

    @Test(arguments: [(80, 24), (120, 36)])
    func `a live node without a table is not green, and its line is not cut`(size: (Int, Int)) throws {
        let state = Fixture.console(Self.flushed(), size: Size(columns: size.0, rows: size.1))
        let canvas = render(state, size: state.size, glyphs: .unicode).0
        let rows = (0..<size.1).map { Array(canvas.row($0)) }
        let texts = rows.map { String(String.UnicodeScalarView($0.compactMap { Unicode.Scalar($0.scalar) })) }
        let row = try #require(texts.firstIndex { $0.hasPrefix(" state") })
        let cells = rows[row].prefix(size.1 == 24 ? size.0 : 60)
        #expect(cells.contains { $0.style.scope == .statusWarn })
        #expect(cells.allSatisfy { $0.style.scope != .statusOk })
        #expect(!texts[row].prefix(cells.count).contains("…"))
    }
}

@Test private func bucketsOfANodeThatWasHeardOnceHaveNoRateYet() {
    var snapshot = Fixture.cluster()
    for index in snapshot.nodes.indices { snapshot.nodes[index].rates = [] }
    let state = Fixture.console(snapshot)
    #expect((1...state.totalBuckets).allSatisfy { state.facts.rate(of: $0) == nil })
    #expect(Fixture.console().facts.rate(of: 1) != nil)
}
