import Canvas
import ClusterModel
import Testing

@testable import Console

@Suite struct PastTests {
    /// A past of a cluster that was seen every second of a time.
    private static func past(_ snapshot: ClusterSnapshot, seconds: Range<Int>) -> Past {
        var past = Past()
        let facts = ClusterFacts(snapshot)
        for second in seconds { past.take(snapshot, facts, at: Double(second) + 0.2) }
        return past
    }

    @Test(arguments: [0, 0.1, 0.125, 1, 7.5, 100, 12_345, 9.9e6])
    func `a rate in one byte is right to an eighth`(rate: Double) throws {
        let packed = try #require(PackedRate(rate).rate)
        #expect(abs(packed - rate) <= max(rate / 8, 0.13))
    }

    @Test func `what is no rate is not known, and known goes before unknown`() {
        for odd in [nil, Double.nan, .infinity, -1] { #expect(PackedRate(odd) == .unknown) }
        #expect(PackedRate(1e300).rate != nil)
        #expect(PackedRate.unknown.higher(PackedRate(3)) == PackedRate(3))
        #expect(PackedRate(3).higher(PackedRate(90)) == PackedRate(90))
    }

    @Test func `a node's load is the mean of the seconds that are known`() throws {
        var past = Self.past(Fixture.cluster(), seconds: 100..<110)
        var dead = Fixture.cluster()
        dead.nodes[0].state = .unreachable
        past.take(dead, ClusterFacts(dead), at: 110)
        let accepted = try #require(past.load(of: 0, from: 105, seconds: 6)?.accepted)
        #expect(
            abs(
                Double(accepted)
                    - Fixture.cluster().nodes[0].rates.compactMap(\.accepted?.packetsPerSecond).reduce(0, +)) < 1)
        #expect(past.load(of: 0, from: 110, seconds: 1) == nil, "of a node that is not heard nothing goes on")
        #expect(past.load(of: 1, from: 110, seconds: 1) != nil)
    }

    @Test func `a second that a late clock skipped is no gap, two are`() {
        var past = Self.past(Fixture.cluster(), seconds: 100..<101)
        past.take(Fixture.cluster(), ClusterFacts(Fixture.cluster()), at: 102.1)
        past.take(Fixture.cluster(), ClusterFacts(Fixture.cluster()), at: 105)
        #expect(past.moment(at: 101.5) != nil)
        #expect(past.moment(at: 103) == nil && past.moment(at: 104) == nil)
    }

    @Test func `a day is kept, coarser with age, and no more`() {
        let past = Self.past(Fixture.cluster(buckets: 4), seconds: 0..<100_000)
        #expect(past.moments(from: 99_999, seconds: 1).count == 1)
        #expect(past.moments(from: 99_990 - 1000, seconds: 5).count == 1)
        #expect(past.moments(from: 99_960 - 80_000, seconds: 60).count == 1)
        #expect(past.moments(from: 600, seconds: 60).isEmpty)
    }

    @Test func `of many buckets less is kept, and never a hot one lost`() {
        let snapshot = Fixture.cluster(nodes: 2, buckets: 65_536)
        let past = Self.past(snapshot, seconds: 0..<400)
        #expect(past.moment(at: 399)?.rates.count == 65_536)
        #expect(past.moments(from: 5, seconds: 5).first?.rates.count == 4096)
        let rate = past.moment(at: 399)?.look(at: 1...65_536, of: 65_536).rate.rate ?? 0
        #expect(abs(rate - 1240) < 155)
    }

    @Test(arguments: [1, 7, 40, 80, 113, 290])
    func `a window holds now, stands still and moves by a sixth`(columns: Int) {
        for period in TimeView.Period.allCases {
            let view = TimeView(period: period)
            let first = view.window(columns: columns, now: 1e6)
            #expect(first.column(of: 1e6) != nil)
            let steps = (0..<columns).map { view.window(columns: columns, now: 1e6 + Double($0) * first.step).first }
            #expect(
                zip(steps, steps.dropFirst()).allSatisfy {
                    $1 - $0 == 0 || $1 - $0 == Double(max(columns / 6, 1)) * first.step
                })
            var back = view
            back.cursor = 1e6 - 3 * Double(columns) * first.step
            #expect(back.window(columns: columns, now: 1e6).column(of: back.cursor ?? 0) != nil)
        }
    }

    @Test(
        arguments: [
            (0.0, "1970-01-01 00:00:00"), (951_782_399, "2000-02-28 23:59:59"), (951_868_800, "2000-03-01 00:00:00"),
            (1_795_875_511, "2026-11-28 14:18:31"),
        ])
    func `times are written by the calendar, and read again`(seconds: Double, text: String) {
        let clock = DayClock()
        #expect("\(clock.date(seconds)) \(clock.time(seconds))" == text)
        #expect(clock.seconds(text) == seconds)
        let east = DayClock(offset: 0, zone: 19_800)
        #expect(east.seconds("\(east.date(seconds)) \(east.time(seconds))") == seconds)
    }

    @Test func `a stack of layers fills a column to its rate, and shows every trace`() {
        let graph = StackedGraph(
            columns: [[(.node(0), 50), (.node(1), 25)], nil, [(.node(2), 0.01)]], peak: 100, glyphs: .unicode)
        func picture(_ column: Int) -> String {
            String((0..<4).map { row in Character(graph.cell(column: column, row: row, rows: 4)?.glyph ?? " ") })
        }
        #expect(picture(0) == " BAA")
        #expect(picture(1) == "    ")
        #expect(picture(2) == "   ▁")
    }

    @Test func `the cursor of time goes back and comes to now again`() {
        var state = Fixture.console()
        for second in 101...140 {
            _ = update(&state, .tick(now: Double(second))); _ = update(&state, .snapshot(Fixture.cluster()))
        }
        _ = state.type("< < <")
        #expect(state.view.cursor == 137)
        #expect(state.picture().contains("AT 00:02:17"))
        _ = state.type("> > > >")
        #expect(state.view.cursor == nil)
        _ = state.type("< Esc")
        #expect(state.view.cursor == nil)
        _ = state.type(": at Space 00:02:05 Enter")
        #expect(state.view.cursor == 125)
        _ = state.type("p p")
        #expect(state.view.period == .day)
    }
}
