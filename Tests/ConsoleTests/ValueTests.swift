import Canvas
import ClusterModel
import Responsibility
import Testing

@testable import Console

@Test(
    arguments: [
        (0, "0"), (0.4, "0"), (12.4, "12"), (999, "999"), (999.6, "1.0k"), (1234, "1.2k"), (12_400, "12.4k"),
        (99_949, "99.9k"), (99_960, "100k"), (999_499, "999k"), (999_600, "1.0M"), (1_200_000, "1.2M"), (9.9e9, "9.9G"),
        (-1, "-"), (.nan, "-"), (.infinity, "-"), (1e300, "-"),
    ] as [(Double, String)])
func numbersAreShort(value: Double, text: String) {
    #expect(Units.short(value) == text)
    #expect(Units.short(value).count <= 5)
}

@Test func unitsReadAsOperatorsSayThem() {
    #expect(Units.bits(9_900_000) == "9.9 Mbit/s")
    #expect(Units.bits(12) == "12 bit/s")
    #expect([Units.age(4), Units.age(130), Units.age(7300), Units.age(200_000)] == ["4s", "2m", "2h", "2d"])
    #expect([Units.delay(0.3), Units.delay(12.7), Units.delay(.nan)] == ["<1 ms", "12 ms", "-"])
    #expect([Units.percent(1, of: 3), Units.percent(1, of: 1000), Units.percent(0, of: 0)] == ["33%", "<1%", "0%"])
    #expect(
        [Units.parsed("1.5k"), Units.parsed("100"), Units.parsed("x"), Units.parsed("1e5")] == [1500, 100, nil, nil])
    #expect(Pad.grouped(1_002_117) == "1,002,117" && Pad.grouped(0) == "0" && Pad.grouped(.max).count == 26)
}

private let address = IPAddress(10, 8, 0, 1)

@Test func theVerdictIsTheKernelsPlacementAndNamesEveryDoubt() throws {
    let flow = Flow(transport: .tcp, source: IPAddress(10, 9, 1, 2), sourcePort: 4242, destination: address)
    var snapshot = Fixture.cluster()
    let calm = try FlowVerdict(flow, snapshot: snapshot)
    #expect(try calm.bucket == snapshot.configuration.scheme.bucket(of: flow))
    #expect(calm.bucket == 10 && calm.owner == 0 && calm.doubts.isEmpty)
    #expect(calm.trace.words.map(\.value) == [0x0a09_0102, 0x0000_9210] && calm.trace.hash == 0x9f09_4fbd)

    snapshot.nodes[0].sample?.health.macJoined = false
    snapshot.nodes[1].sample?.ownership.set(10, to: .draining)
    snapshot.nodes[2].sample?.configuration.scheme = .clusterIP(
        Placement(mode: .sourceIPSourcePort, bucketCount: 16, seed: 7))
    var elsewhere = flow
    elsewhere.destination = IPAddress(10, 8, 0, 9)
    let doubts = try FlowVerdict(elsewhere, snapshot: snapshot).doubts
    #expect(doubts.count == 4)
    #expect(doubts.contains("10.8.0.9 is not the cluster address 10.8.0.1"))
    #expect(doubts.contains("node1 no MAC"))
    #expect(doubts.contains("node2 drains bucket 10: it answers connections it already has"))
}

@Test(
    arguments: [1, 2, 16, 17, 256, 1024, 4096, 65_536],
    [(80, 24), (120, 36), (200, 60), (40, 10), (10, 3), (1, 1), (0, 0)])
func theBucketGridFitsItsBody(total: Int, size: (Int, Int)) {
    let body = FrameLayout(Size(columns: size.0, rows: size.1)).body
    let grid = BucketGrid(count: total, total: total, room: body)
    #expect(grid.perRow >= 1 && grid.visibleRows >= 1 && grid.rowHeight >= 1)
    #expect(grid.area.maxRow <= max(body.maxRow, grid.area.row))
    for place in [0, total / 2, total - 1] {
        let top = grid.top(from: 0, place: place)
        #expect((top..<(top + grid.visibleRows)).contains(place / grid.group / grid.perRow))
    }
}

@Test func aRangeOfASetIsCountedLikeItsMembers() {
    let set = BucketSet([1, 2, 63, 64, 65, 128, 129, 1000])
    for (first, last) in [
        (1, 1), (1, 64), (2, 63), (64, 65), (65, 128), (1, 2000), (900, 999), (1000, 65_536), (-5, 2),
    ] {
        #expect(set.count(in: first...last) == set.filter { (first...last).contains($0) }.count)
    }
}

@Test func aClientWithoutItsPortSpreadsOverNodes() throws {
    let snapshot = Fixture.cluster()
    guard case .spread(let spread) = FlowAnswer("10.9.1.2", snapshot: snapshot) else {
        Issue.record("no spread")
        return
    }
    #expect(spread.nodes.reduce(0, +) == 64_512 && spread.buckets.reduce(0, +) == 64_512)
    #expect(spread.nodes.allSatisfy { $0 > 18_000 })
    var counted = [Int](repeating: 0, count: 16)
    for port in FlowSpread.ports {
        var flow = spread.flow
        flow.sourcePort = port
        counted[try snapshot.configuration.scheme.bucket(of: flow) - 1] += 1
    }
    #expect(spread.buckets == counted, "as one by one")
}

@Test(
    arguments: [
        (HashMode.sourceIP, "10.9.1.2", "exact"), (.sourceIPSourcePort, "10.9.1.2", "spread"),
        (.sourceIPSourcePort, "10.9.1.2:7", "exact"), (.sourceIPSourcePort, "icmp 10.9.1.2", "exact"),
        (.sourceIPSourcePortDestinationPort, "10.9.1.2:7", "needsDestinationPort"),
        (.sourceIPSourcePortDestinationPort, "10.9.1.2 10.8.0.1:80", "spread"), (.sourceIP, "10.9", "unreadable"),
        (.sourceIP, "2001:db8::2 2001:db8::1", "unreadable"),
    ])
func aPortIsAskedForOnlyWhereItIsHashed(mode: HashMode, text: String, kind: String) {
    var snapshot = Fixture.cluster()
    snapshot.configuration.scheme = .clusterIP(Placement(mode: mode, bucketCount: 16, seed: 42))
    #expect("\(FlowAnswer(text, snapshot: snapshot))".hasPrefix(kind))
}

@Test func aDrainedBucketHasOneNodeForNewConnectionsAndOneForOld() throws {
    var snapshot = Fixture.cluster()
    snapshot.nodes[1].sample?.ownership.set(10, to: .draining)
    var state = Fixture.console(snapshot)
    _ = state.type("3 i 10.9.1.2:4242")
    #expect(state.picture().contains("new connections: A node1   older ones: B node2"))
}
