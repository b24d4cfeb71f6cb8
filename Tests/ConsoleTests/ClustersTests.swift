import Canvas
import ClusterModel
import Testing

@testable import Console

@Suite struct ClustersTests {
    private static func summaries() -> [ClusterSummary] {
        var good = Fixture.console()
        good.live(until: 130)
        var (first, bad) = (good.summary, Fixture.console(Fixture.trouble()).summary)
        (first.name, bad.name) = ("web", "mail")
        return [first, bad]
    }

    @Test func `the worst cluster stands first, and Enter goes in`() {
        var state = Fixture.console()
        _ = update(&state, .clusters(Self.summaries(), front: 0))
        _ = state.type("8")
        #expect(state.clusters.rows == [1, 0])
        #expect(state.type("Home Enter") == [.openCluster(1)])
        #expect(state.type("End Enter") == [.openCluster(0)])
        #expect(state.picture().contains("5/16 buckets served"))
    }

    @Test func `brackets go from one cluster to the next, from any screen`() {
        var state = Fixture.console()
        #expect(state.type("]") == [])
        #expect(state.notice?.text.text.contains("one cluster") == true)
        _ = update(&state, .clusters(Self.summaries(), front: 0))
        #expect(state.type("]") == [.openCluster(1)])
        _ = update(&state, .clusters(Self.summaries(), front: 1))
        #expect(state.type("]") == [.openCluster(0)])
        #expect(state.type("[") == [.openCluster(0)])
    }

    @Test func `a cluster that is in trouble shows on the tab of all others`() {
        var state = Fixture.console(size: Size(columns: 120, rows: 36))
        _ = update(&state, .clusters(Self.summaries(), front: 0))
        #expect(state.picture().contains("8 Clusters ✖1"))
        _ = update(&state, .clusters(Self.summaries(), front: 1))
        #expect(!state.picture().contains("8 Clusters ✖"), "its own screen says it in the second row")
    }
}
