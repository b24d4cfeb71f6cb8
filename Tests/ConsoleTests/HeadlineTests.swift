import Canvas
import ClusterModel
import Planning
import Testing

@testable import Console

@Suite("The line that says how the cluster is")
struct HeadlineTests {
    /// What was made of the fixture's cluster, and how the line begins then.
    static let cases: [(name: String, change: @Sendable (inout ClusterSnapshot) -> Void, level: Int, text: String)] = [
        ("healthy", { _ in }, 0, "16/16 buckets covered, clients served"),
        ("replies are not counted", { $0.nodes[1].service = nil }, 1, "16/16 buckets covered, replies not known"),
        (
            "nothing is asked", { for index in 0..<3 { $0.nodes[index].service = ServiceRecord(seconds: 5) } }, 0,
            "16/16 buckets covered, no traffic"
        ),
        ("a service is gone", { $0.nodes[1].service?.silence = silence }, 3, "11/16 buckets served, not 2,5,8,11,14: "),
        (
            "a link is down", { $0.nodes[1].sample?.health.interfaceUp = false }, 3,
            "11/16 buckets served, not 2,5,8,11,14: node2: eth0 is down"
        ),
        (
            "a node is dead", { $0.nodes[2].state = .unreachable }, 3,
            "11/16 buckets served, not 3,6,9,12,15: node3 is unreachable"
        ),
        (
            "a node without buckets is dead",
            {
                $0.nodes[0].sample?.ownership = Ownership(owned: BucketSet(1...8))
                $0.nodes[1].sample?.ownership = Ownership(owned: BucketSet(9...16))
                $0.nodes[2].sample?.ownership = Ownership()
                $0.nodes[2].state = .unreachable
            }, 2, "16/16 buckets covered; node3 is unreachable"
        ),
        (
            "a bucket has two owners", { $0.nodes[1].sample?.ownership.set(1, to: .owned) }, 3,
            "15/16 buckets served, not 1: node1 and node2 both own bucket 1"
        ),
        ("a node is late", { $0.nodes[1].state = .stale }, 2, "16/16 buckets covered; node2"),
    ]

    private static var silence: ServiceRecord.Silence {
        var silence = ServiceRecord.Silence()
        (silence.seconds, silence.intervals, silence.accepted) = (3, 3, 88)
        (silence.byPackets, silence.byTime) = (85, 85)
        return silence
    }

    static func snapshot(_ change: (inout ClusterSnapshot) -> Void) -> ClusterSnapshot {
        var snapshot = Fixture.cluster()
        change(&snapshot)
        snapshot = ClusterSnapshot(
            configuration: snapshot.configuration, nodes: snapshot.nodes, history: snapshot.history)
        snapshot.findings = snapshot.worstFindings()
        return snapshot
    }

    @Test(
        "it is green only when nothing is known against any of coverage, links and findings", arguments: cases.indices)
    func levels(index: Int) {
        let example = Self.cases[index]
        let console = Fixture.console(Self.snapshot(example.change), size: Size(columns: 200, rows: 40))
        let headline = Headline(console)
        #expect(headline.level.rawValue == example.level, "\(example.name)")
        #expect(headline.choices[0].hasPrefix(example.text), "\(example.name): \(headline.choices[0])")
        #expect(console.picture().contains(example.text))
    }

    @Test("what is shortened is shortened by meaning", arguments: cases.indices, [20, 30, 40, 60, 80, 120])
    func fits(index: Int, columns: Int) {
        let example = Self.cases[index]
        let size = Size(columns: columns, rows: 24)
        let console = Fixture.console(Self.snapshot(example.change), size: size)
        let line = String(console.picture().split(separator: "\n", omittingEmptySubsequences: false)[1])
        #expect(!line.contains("…") || columns < 30, "\(line)")
    }

    @Test("what was heard long ago is not green")
    func old() {
        var console = Fixture.console()
        _ = update(&console, .tick(now: 112))
        #expect(Headline(console).level == .warning)
        #expect(Headline(console).choices[0] == "12s ago: 16/16 buckets covered, clients served")
    }

    @Test("the row of a node that cannot serve says why instead of live")
    func rows() {
        let console = Fixture.console(Self.snapshot { $0.nodes[1].sample?.health.interfaceUp = false })
        let rows = console.picture().split(separator: "\n")
        #expect(rows.contains { $0.contains("node2") && $0.contains("✖ link down") })
        #expect(rows.contains { $0.contains("node1") && $0.contains("● live") })
    }

    @Test("the age of a node that is not heard stays in its column")
    func age() {
        let snapshot = Self.snapshot {
            $0.nodes[2].state = .unreachable
            $0.nodes[2].age = 75
        }
        let console = Fixture.console(snapshot, size: Size(columns: 120, rows: 36))
        let rows = console.picture().split(separator: "\n")
        let end = { (row: Substring?, text: String) in
            row.flatMap { row in row.firstRange(of: text).map { row.distance(from: row.startIndex, to: $0.upperBound) }
            }
        }
        let heading = end(rows.first { $0.contains("AGE") }, "AGE")
        #expect(heading != nil && heading == end(rows.first { $0.contains("C node3") }, "75s"))
    }
}

@Suite("The Findings screen")
struct FindingsScreenTests {
    private static func console(_ change: (inout ClusterSnapshot) -> Void) -> ConsoleState {
        var console = Fixture.console(HeadlineTests.snapshot(change), size: Size(columns: 120, rows: 36))
        _ = console.type("6")
        return console
    }

    @Test("Enter opens the plan that ends the finding; the typed word is still to come")
    func remedies() {
        var down = Self.console { $0.nodes[1].sample?.health.interfaceUp = false }
        #expect(down.picture().contains("Enter remedy"))
        #expect(down.type("Enter") == [.plan(.drain("node2", mode: .immediate))])
        #expect(down.screen == .plan)
        var dead = Self.console { $0.nodes[2].state = .unreachable }
        #expect(dead.type("Enter") == [.plan(.takeOver("node3", to: nil))])
        var again = Self.console { $0.nodes[2].state = .unreachable }
        #expect(again.picture().contains("t take over"))
        #expect(again.type("t") == [.plan(.takeOver("node3", to: nil))])
    }

    @Test("what no plan ends says what does")
    func commands() {
        var console = Self.console { $0.nodes[0].sample?.health.macJoined = false }
        #expect(console.type("Enter") == [])
        #expect(console.notice?.text.text == "no plan ends this: on node1: ip maddress add 01:00:5e:00:01:20 dev eth0")
    }

    @Test("a finding keeps its beginning when its code or its numbers change")
    func since() {
        var console = Self.console {
            $0.nodes[2].state = .unreachable
            $0.nodes[2].sample?.ownership = Ownership()
        }
        _ = update(&console, .tick(now: 130))
        let snapshot = HeadlineTests.snapshot { $0.nodes[2].state = .unreachable }
        #expect(snapshot.findings.contains { $0.code == "unserved" })
        _ = update(&console, .snapshot(snapshot))
        #expect(console.picture().split(separator: "\n").contains { $0.contains("unserved") && $0.contains("30s") })
    }
}
