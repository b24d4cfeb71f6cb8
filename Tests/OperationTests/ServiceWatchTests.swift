import ClusterModel
import Responsibility
import TestSupport
import Testing

@testable import NodeLinks

/// What the console makes of what nodes let in and send back, second by second.
@Suite struct ServiceWatchTests {
    /// What a service does with what is let in.
    enum Service {
        /// Replies with data to each packet.
        case replies
        /// Takes what comes, and says nothing.
        case takes
        /// Is gone: its host refuses.
        case refuses
        /// Hangs: its kernel alone replies, to every other packet.
        case hangs
    }

    /// A node whose buckets 1…4 get packets, as its agent would tell.
    private struct Node {
        var counters = [BucketCounters](repeating: BucketCounters(zero: [.arrived, .accepted, .replied]), count: 4)
        var signs = ServiceSigns()
        var time: UInt64 = 1_000_000_000

        mutating func serve(_ packets: [UInt64], _ service: Service, pings: UInt64 = 0) {
            time += 1_000_000_000
            for (bucket, count) in packets.enumerated() {
                add(count, to: \.accepted, bucket, bytes: 100)
                switch service {
                case .replies: add(count, to: \.replied, bucket, bytes: 150)
                case .hangs: add(count / 2, to: \.replied, bucket, bytes: 52)
                case .refuses: signs.refusals += count
                case .takes: break
                }
            }
            if pings > 0 {
                add(pings, to: \.accepted, 0, bytes: 84)
                signs.uncounted += pings
            }
        }

        /// As many packets in each bucket, on top of what a second brings.
        mutating func add(_ packets: UInt64, replies: Bool) {
            for bucket in 0..<4 {
                add(packets, to: \.accepted, bucket, bytes: 70)
                if replies { add(packets, to: \.replied, bucket, bytes: 150) }
            }
        }

        private mutating func add(
            _ packets: UInt64, to counter: WritableKeyPath<BucketCounters, PacketCount?>, _ bucket: Int, bytes: UInt64
        ) {
            let old = counters[bucket][keyPath: counter] ?? PacketCount()
            counters[bucket][keyPath: counter] = PacketCount(
                packets: old.packets + packets, bytes: old.bytes + packets * bytes)
            if counter == \BucketCounters.accepted { counters[bucket].arrived = counters[bucket].accepted }
        }
    }

    /// Nodes under observation.
    private struct Cluster {
        var nodes: [Node]
        var observation: ClusterObservation
        var now = 0.0
        let configuration = ClusterConfiguration(
            name: "web", address: IPAddress(10, 8, 0, 1), prefixLength: 16, interface: "eth0",
            mac: MACAddress(number: 0x0100_5e08_0001),
            scheme: .clusterIP(Placement(mode: .sourceIP, bucketCount: 4, seed: 42)))

        init(_ count: Int) {
            nodes = Array(repeating: Node(), count: count)
            observation = ClusterObservation(
                name: "web", address: IPAddress(10, 8, 0, 1), nodes: (1...count).map { "node\($0)" })
        }

        /// A second passes; each node gets packets and does with them what its service does.
        mutating func second(_ traffic: [(packets: [UInt64], service: Service)], pings: UInt64 = 0) {
            now += 1
            for (index, (packets, service)) in traffic.enumerated() {
                nodes[index].serve(packets, service, pings: pings)
                observation.take(state: .live, failure: nil, delay: 0.001, ofNode: index)
                var capabilities = Capabilities.full
                capabilities.counters.insert(.replied)
                let owned = BucketSet((1...4).filter { packets[$0 - 1] > 0 })
                observation.take(
                    NodeSample(
                        monotonicNanoseconds: nodes[index].time, generation: 1,
                        clusters: [
                            ClusterSample(
                                configuration: configuration, driver: "nftables", capabilities: capabilities,
                                ownership: Ownership(owned: owned), counters: nodes[index].counters,
                                health: MulticastHealth(), signs: nodes[index].signs)
                        ]), ofNode: index, now: now)
            }
        }

        var states: [ReplyState?] { observation.statuses(now: now).map { $0.service?.state } }

        /// Codes of the findings about service, with their nodes and severities.
        var findings: [String] {
            (observation.snapshot(now: now)?.findings ?? []).filter {
                if case .service = $0.kind { true } else { false }
            }
            .map { "\($0.code) \($0.node ?? "-") \($0.severity.rawValue)" }
        }
    }

    private static let one: [UInt64] = [20, 20, 0, 0]
    private static let other: [UInt64] = [0, 0, 20, 20]

    @Test(arguments: [
        (Service.takes, "not_replying node2 critical"), (.refuses, "not_replying node2 critical"),
        (.hangs, "not_replying node2 warning"),
    ])
    func aServiceThatEndsIsNamedWithinFourSeconds(_ service: Service, _ finding: String) {
        var cluster = Cluster(2)
        for _ in 0..<20 { cluster.second([(Self.one, .replies), (Self.other, .replies)]) }
        #expect(cluster.states == [.replying, .replying] && cluster.findings.isEmpty)
        for _ in 0..<4 { cluster.second([(Self.one, .replies), (Self.other, service)]) }
        #expect(cluster.findings == [finding])
        for _ in 0..<600 { cluster.second([(Self.one, .replies), (Self.other, service)]) }
        #expect(cluster.findings == [finding], "it is remembered that there were replies")
        for _ in 0..<2 { cluster.second([(Self.one, .replies), (Self.other, .replies)]) }
        #expect(cluster.findings.isEmpty)
    }

    /// The console is opened when the service is long gone: the counters of before tell.
    @Test func aServiceThatEndedBeforeIsNamed() {
        var cluster = Cluster(2)
        cluster.nodes[0].serve([2000, 2000, 1000, 1000], .replies)
        cluster.nodes[1].serve([0, 0, 500, 500], .replies)
        cluster.nodes[1].serve([0, 0, 400, 400], .refuses)
        for _ in 0..<4 { cluster.second([(Self.one, .replies), (Self.other, .refuses)]) }
        #expect(cluster.findings == ["not_replying node2 critical"])
    }

    /// An outage that fills most of the counters, to which a kernel says so of every sixth packet alone; seen by a new console.
    @Test func aServiceThatEndedLongBeforeIsNamedByWhatIsRefused() {
        var cluster = Cluster(2)
        cluster.nodes[0].serve([2000, 2000, 0, 0], .replies)
        cluster.nodes[1].serve([0, 0, 500, 500], .replies)
        cluster.nodes[1].serve([0, 0, 9000, 9000], .takes)
        for _ in 0..<4 {
            cluster.nodes[1].signs.refusals += 6
            cluster.second([(Self.one, .replies), (Self.other, .takes)])
        }
        #expect(cluster.findings == ["not_replying node2 critical"])
    }

    /// Segments without data are counted beside: however short the service's replies are, a kernel's are none.
    @Test func aServiceThatHangsIsNamedWhereItsKernelsSegmentsAreCountedBeside() {
        var cluster = Cluster(2)
        for index in 0..<2 { cluster.nodes[index].signs.bare = 0 }
        for _ in 0..<20 { cluster.second([(Self.one, .replies), (Self.other, .replies)]) }
        for _ in 0..<4 {
            cluster.nodes[1].signs.bare? += 15
            cluster.second([(Self.one, .replies), (Self.other, .takes)])
        }
        #expect(cluster.findings == ["not_replying node2 warning"])
    }

    /// A service that hangs refuses nothing; a new console knows how much its buckets replied beside the others'.
    @Test(
        arguments: [
            (Service.takes, 18000, "not_replying node2 critical"), (.hangs, 2000, "not_replying node2 warning"),
        ] as [(Service, UInt64, String)])
    func aServiceThatHungLongBeforeIsNamedWhereOthersReply(_ service: Service, _ lost: UInt64, _ finding: String) {
        var cluster = Cluster(2)
        cluster.nodes[0].serve([20000, 20000, 0, 0], .replies)
        cluster.nodes[1].serve([0, 0, 2000, 2000], .replies)
        cluster.nodes[1].serve([0, 0, lost, lost], service)
        for second in 1...8 {
            cluster.second([(Self.one, .replies), (Self.other, service)])
            #expect(cluster.states[1] != .replying, "in second \(second)")
        }
        #expect(cluster.findings == [finding])
    }

    /// A new console meets a syslog that bursts beside a service that few use, on one of two nodes.
    @Test func aBurstBesideFewRepliesIsNoAlarmOfANewConsole() {
        var cluster = Cluster(2)
        cluster.nodes[0].serve([20000, 20000, 0, 0], .replies)
        cluster.nodes[1].serve([0, 0, 100, 100], .replies)
        cluster.nodes[1].serve([0, 0, 20000, 20000], .takes)
        for _ in 0..<20 {
            cluster.second([(Self.one, .replies), ([0, 0, 500, 500], .takes)])
            #expect(cluster.findings.isEmpty)
        }
    }

    @Test func aNodeWhoseServiceNeverRanIsNamedByWhatOthersDidWithItsBuckets() {
        var cluster = Cluster(2)
        cluster.nodes[0].serve([2000, 2000, 2000, 2000], .replies)
        for _ in 0..<4 { cluster.second([(Self.one, .replies), (Self.other, .takes)]) }
        #expect(cluster.findings == ["not_replying node2 critical"])
    }

    @Test func everyServiceGoneIsAWarningUnlessPacketsAreRefused() {
        for (service, severity) in [(Service.takes, "warning"), (.refuses, "critical")] {
            var cluster = Cluster(2)
            for _ in 0..<20 { cluster.second([(Self.one, .replies), (Self.other, .replies)]) }
            for _ in 0..<4 { cluster.second([(Self.one, service), (Self.other, service)]) }
            #expect(cluster.findings == ["not_replying node1 \(severity)", "not_replying node2 \(severity)"])
        }
    }

    // MARK: What is no alarm

    @Test func whatWasNeverRepliedToIsOneWay() {
        var cluster = Cluster(2)
        for _ in 0..<600 {
            cluster.second([(Self.one, .takes), (Self.other, .takes)])
            #expect(cluster.findings.isEmpty)
        }
        #expect(cluster.states == [.oneWay, .oneWay])
    }

    /// One node gets syslog alone, the other a service that replies.
    @Test func oneWayTrafficOfOneNodeIsNoAlarm() {
        var cluster = Cluster(2)
        for _ in 0..<600 {
            cluster.second([(Self.one, .replies), (Self.other, .takes)])
            #expect(cluster.findings.isEmpty)
        }
        #expect(cluster.states == [.replying, .oneWay])
    }

    @Test func pingsAloneAreNoAlarm() {
        var cluster = Cluster(2)
        for _ in 0..<60 { cluster.second([(Self.one, .replies), (Self.other, .replies)], pings: 2) }
        for _ in 0..<120 {
            cluster.second([([0, 0, 0, 0], .takes), ([0, 0, 0, 0], .takes)], pings: 2)
            #expect(cluster.findings.isEmpty)
        }
        #expect(cluster.states == [.idle, .idle])
    }

    /// A service that replies shares its buckets with a syslog that bursts, and with pauses of its own.
    @Test(arguments: [0, 60] as [Int], 0..<6 as Range<UInt64>)
    func aBurstOfOneWayPacketsIsNoAlarm(_ watched: Int, _ seed: UInt64) {
        var (cluster, random) = (Cluster(2), SplitMix(seed: seed))
        func second(_ syslog: UInt64, _ dns: UInt64, _ cluster: inout Cluster) {
            for index in 0..<2 { cluster.nodes[index].add(dns, replies: true) }
            cluster.second([([syslog, syslog, 0, 0], .takes), ([0, 0, syslog, syslog], .takes)])
        }
        for _ in 0..<max(watched, 1) * 10 { second(10, UInt64.random(in: 1...3, using: &random), &cluster) }
        if watched == 0 {
            // What was counted before is all that a new console knows.
            let nodes = cluster.nodes
            cluster = Cluster(2)
            cluster.nodes = nodes
        }
        for _ in 0..<20 {
            for _ in 0..<2 { second(100, 0, &cluster) }
            #expect(cluster.findings.isEmpty)
            for _ in 0..<4 { second(10, UInt64.random(in: 1...3, using: &random), &cluster) }
        }
    }

    /// Few packets, with random pauses: a service that replies to most, now and then to none for a while.
    @Test(arguments: 0..<8 as Range<UInt64>)
    func aQuietServiceIsNoAlarm(_ seed: UInt64) {
        var (cluster, random) = (Cluster(3), SplitMix(seed: seed))
        for _ in 0..<900 {
            cluster.second(
                (0..<3).map { _ in
                    ((0..<4).map { _ in UInt64.random(in: 0...8, using: &random) == 0 ? 1 : 0 }, .replies)
                })
            #expect(cluster.findings.isEmpty)
        }
    }

    @Test func repliesThatAreNotCountedAreNotKnown() {
        #expect(ServiceRecord().state == .unknown)
    }
}
