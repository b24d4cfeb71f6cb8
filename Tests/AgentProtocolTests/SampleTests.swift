import AgentProtocol
import ClusterModel
import Responsibility
import Testing

@Suite struct SampleTests {
    private static func sample(_ time: UInt64, _ packets: [UInt64], owned: BucketSet = [1, 2]) -> NodeSample {
        NodeSample(
            monotonicNanoseconds: time, generation: 5,
            clusters: [
                ClusterSample(
                    configuration: FrameTests.configuration, driver: "simulated", ownership: Ownership(owned: owned),
                    counters: packets.map {
                        BucketCounters(arrived: PacketCount(packets: $0, bytes: $0 * 60), accepted: PacketCount())
                    },
                    health: MulticastHealth())
            ])
    }

    @Test func `the other side knows every sample whole, and only changes travel`() throws {
        var (encoder, decoder) = (SampleEncoder(), SampleDecoder())
        var samples = [
            Self.sample(1, [0, 0, 0, 0]), Self.sample(2, [7, 0, 0, 0]), Self.sample(3, [7, 0, 9, 0], owned: [1]),
            Self.sample(4, [7, 0, 9, 0], owned: [1]),
        ]
        for index in 1...3 { samples[index].facts.conntrack = ConntrackTable(count: index / 2, limit: 9) }
        let wires = samples.map { encoder.encode($0) }
        for (wire, sample) in zip(wires, samples) {
            let decoded = try decoder.decode(wire)
            #expect(decoded == sample)
        }
        #expect(wires.map { $0.clusters[0].counters.count } == [0, 5, 5, 0])
        #expect(wires.map { $0.clusters[0].ownership != nil } == [true, false, true, false])
        #expect(wires.map { $0.facts.conntrack?.count } == [nil, 0, 1, nil])
        #expect(wires.map { $0.clusters[0].configuration != nil } == [true, false, false, false])
    }

    @Test func `sets of buckets travel as text, and arrays are understood`() throws {
        var sample = Self.sample(1, [0, 0, 0, 0], owned: BucketSet(1...4))
        sample.clusters[0].ownership.draining = []
        var encoder = SampleEncoder()
        let frame = AgentFrame.sample(encoder.encode(sample))
        let line = String(decoding: frame.line(), as: UTF8.self)
        #expect(line.contains("\"owned\":\"1-4\"") && line.contains("\"draining\":\"\""))
        #expect(try AgentFrame(line: line.utf8) == frame)
        let older = line.replacing("\"owned\":\"1-4\"", with: "\"owned\":[1,2,3,4]")
        #expect(try AgentFrame(line: older.utf8) == frame)
        for wrong in ["\"1-65537\"", "\"0\"", "\"a\"", "[0]", "\"4-1\"", "7"] {
            let text = line.replacing("\"owned\":\"1-4\"", with: "\"owned\":\(wrong)")
            #expect(throws: AgentFailure.self) { try AgentFrame(line: text.utf8) }
        }
    }

    @Test func `when counters were counted travels when it changed, and without it they did not`() throws {
        var (encoder, decoder) = (SampleEncoder(), SampleDecoder())
        var sample = Self.sample(1, [0, 1, 0, 0])
        var sent: [UInt64?] = []
        for (time, counted) in [(1, 7), (2, 7), (3, 9), (4, 9)] as [(UInt64, UInt64)] {
            sample.monotonicNanoseconds = time
            sample.clusters[0].countedAt = counted
            let wire = encoder.encode(sample)
            sent.append(wire.clusters[0].countedAt)
            let frame = try AgentFrame(line: AgentFrame.sample(wire).line())
            #expect(frame == .sample(wire))
            #expect(try decoder.decode(wire) == sample)
        }
        #expect(sent == [7, nil, 9, nil])
    }

    @Test func `a counter that is absent stays absent, and one that no driver has takes no room`() throws {
        for counted: Set<Counter> in [[], [.arrived], [.accepted], [.arrived, .replied], Set(Counter.allCases)] {
            var (encoder, decoder) = (SampleEncoder(), SampleDecoder())
            var sample = Self.sample(1, [1, 2, 3, 4])
            sample.clusters[0].capabilities.counters = counted
            sample.clusters[0].counters = counted.isEmpty ? [] : (1...4).map { _ in BucketCounters(zero: counted) }
            let first = encoder.encode(sample)
            #expect(first.clusters[0].counters.isEmpty)
            #expect(try decoder.decode(first) == sample)
            guard let counter = Counter.allCases.first(where: counted.contains) else { continue }
            sample.clusters[0].counters[2][counter] = nil
            let second = encoder.encode(sample)
            #expect(second.clusters[0].counters.count == 1 + 2 * counted.count)
            #expect(try decoder.decode(second) == sample)
        }
    }

    @Test func `counters of a bucket that does not exist are refused`() {
        var (encoder, decoder) = (SampleEncoder(), SampleDecoder())
        var wire = encoder.encode(Self.sample(1, [1, 1, 1, 1]))
        for numbers: [UInt64] in [[5, 1, 1, 1, 1], [0, 1, 1, 1, 1], [.max, 1, 1, 1, 1], [1, 1, 1, 1]] {
            wire.clusters[0].counters = numbers
            #expect(throws: AgentFailure.self) { try decoder.decode(wire) }
        }
    }

    @Test(arguments: [(-1, 9), (1, 0), (1, .min)])
    func `an impossible connection-tracking table is refused`(count: Int, limit: Int) {
        let wire = WireSample(
            time: 1, generation: 1, isWhole: true, clusters: [],
            facts: NodeFacts(conntrack: .init(count: count, limit: limit)))
        var decoder = SampleDecoder()
        #expect(throws: AgentFailure.self) { try decoder.decode(wire) }
    }

    @Test func `changes to an address never introduced are refused`() {
        var encoder = SampleEncoder()
        _ = encoder.encode(Self.sample(1, [0, 0, 0, 0]))
        var decoder = SampleDecoder()
        let wire = encoder.encode(Self.sample(2, [1, 0, 0, 0]))
        #expect(throws: AgentFailure.self) { try decoder.decode(wire) }
    }

    @Test(arguments: [0, 65_537, UInt32.max])
    func `an impossible number of buckets is refused`(total: UInt32) {
        var configuration = FrameTests.configuration
        configuration.scheme = .clusterIP(Placement(mode: .sourceIP, bucketCount: total, seed: 42))
        let wire = WireSample(
            time: 1, generation: 1, isWhole: true,
            clusters: [
                .init(
                    address: configuration.address, configuration: configuration, driver: "x", ownership: nil,
                    counters: [], health: nil, alterations: nil, connections: nil)
            ])
        var decoder = SampleDecoder()
        #expect(throws: AgentFailure.self) { try decoder.decode(wire) }
    }

    private static func introduction(
        _ address: UInt32, total: Int = 4, interface: String = "eth0", connections: Int? = nil
    ) -> WireSample.Cluster {
        var configuration = FrameTests.configuration
        configuration.address = .v4(IPv4Address(number: address))
        configuration.scheme = .clusterIP(Placement(mode: .sourceIP, bucketCount: UInt32(clamping: total), seed: 42))
        configuration.interface = interface
        return .init(
            address: configuration.address, configuration: configuration, driver: "x", capabilities: .full,
            ownership: nil,
            counters: [], health: nil, alterations: nil, connections: connections)
    }

    private static func sample(of clusters: [WireSample.Cluster], isWhole: Bool = true) -> WireSample {
        WireSample(time: 1, generation: 1, isWhole: isWhole, clusters: clusters)
    }

    @Test func `a node has so many buckets and no more, however many addresses it spreads them over`() throws {
        var decoder = SampleDecoder()
        let two = [Self.introduction(1, total: 65_536), Self.introduction(2, total: 65_536)]
        let whole = try decoder.decode(Self.sample(of: two))
        #expect(whole.clusters.map(\.counters.count) == [65_536, 65_536])
        let third = Self.introduction(3, total: 1)
        let error = #expect(throws: AgentFailure.self) {
            try decoder.decode(Self.sample(of: two + [third]))
        }
        #expect(
            error?.message
                == "the agent sent 131073 buckets in 3 cluster addresses; a node may have 131072")
        var known = two
        for index in known.indices { known[index].configuration = nil }
        #expect(throws: AgentFailure.self) { try decoder.decode(Self.sample(of: known + [third], isWhole: false)) }
        #expect(throws: AgentFailure.self) {
            try decoder.decode(Self.sample(of: [Self.introduction(1, total: .max), Self.introduction(2, total: .max)]))
        }
    }

    @Test func `the counters of an address that nobody watches take no room`() throws {
        var decoder = SampleDecoder(address: .v4(IPv4Address(number: 2)))
        let both = [Self.introduction(1, total: 65_536), Self.introduction(2)]
        #expect(try decoder.decode(Self.sample(of: both)).clusters.map(\.counters.count) == [0, 4])
        var changes = both
        for index in changes.indices { changes[index].configuration = nil }
        changes[0].counters = [1, 5, 5, 5, 5]
        #expect(try decoder.decode(Self.sample(of: changes, isWhole: false)).clusters.map(\.counters.count) == [0, 4])
    }

    @Test(arguments: [-1, Int.max, Int.min])
    func `an impossible number of connections is refused`(count: Int) {
        var decoder = SampleDecoder()
        let wire = Self.sample(of: [Self.introduction(1, connections: count)])
        #expect(throws: AgentFailure.self) { try decoder.decode(wire) }
    }

    @Test(arguments: [
        "", ".", "..", "a/b", "a:b", "a b", "a\tb", "\u{a0}", "sixteen-letters-", "\u{1b}[2J", "a\u{202e}b",
    ])
    func `a name that no interface has is refused`(name: String) {
        var decoder = SampleDecoder()
        let wire = Self.sample(of: [Self.introduction(1, interface: name)])
        #expect(throws: AgentFailure.self) { try decoder.decode(wire) }
    }

    @Test(arguments: ["eth0", "$(id)", "br-0.100@x", "büro"])
    func `a name that Linux allows is taken as it is`(name: String) throws {
        var decoder = SampleDecoder()
        let sample = try decoder.decode(Self.sample(of: [Self.introduction(1, interface: name)]))
        #expect(sample.clusters.map(\.configuration.interface) == [name])
    }

    @Test func `names from a node cannot command the terminal`() throws {
        var configuration = FrameTests.configuration
        configuration.name = "\u{1b}]0;evil\u{7}"
        let sample = NodeSample(
            monotonicNanoseconds: 1, generation: 1,
            clusters: [
                ClusterSample(
                    configuration: configuration, driver: "a\nb", ownership: Ownership(), counters: [],
                    health: MulticastHealth(), alterations: [.ruleMissing(.init(.ip, "in"), rule: "drop")])
            ])
        var (encoder, decoder) = (SampleEncoder(), SampleDecoder())
        let whole = try decoder.decode(encoder.encode(sample))
        let decoded = try #require(whole.clusters.first)
        #expect(decoded.configuration.name == "\u{fffd}]0;evil\u{fffd}")
        #expect(decoded.driver == "a\u{fffd}b" && decoded.alterations == [.ruleMissing(.init(.ip, "in"), rule: "drop")])
    }

    @Test func `who changed the ruleset travels, made safe`() throws {
        var encoder = SampleEncoder()
        let change = RulesetChange(generation: 7, by: .other(.init(name: "nft\u{1b}[2J", pid: 4711)))
        let wire = encoder.encode(NodeSample(monotonicNanoseconds: 1, generation: 7, clusters: [], changes: [change]))
        let line = AgentFrame.sample(wire).line()
        guard case .sample(let received) = try AgentFrame(line: line) else { throw AgentFailure(message: "no sample") }
        var decoder = SampleDecoder()
        let changes = try decoder.decode(received).changes
        #expect(changes == [RulesetChange(generation: 7, by: .other(.init(name: "nft\u{fffd}[2J", pid: 4711)))])
        #expect(encoder.encode(NodeSample(monotonicNanoseconds: 2, generation: 7, clusters: [])).changes == nil)
    }

    @Test func `addresses without a table travel when they change`() throws {
        var (encoder, decoder) = (SampleEncoder(), SampleDecoder())
        let address = IPAddress(10, 8, 0, 1)
        var sample = NodeSample(monotonicNanoseconds: 1, generation: 7, clusters: [], bareAddresses: [address])
        let first = try decoder.decode(encoder.encode(sample))
        #expect(first.bareAddresses == [address])
        let again = encoder.encode(sample)
        #expect(again.bareAddresses == nil)
        let second = try decoder.decode(again)
        #expect(second.bareAddresses == [address])
        sample.bareAddresses = []
        let third = try decoder.decode(encoder.encode(sample))
        #expect(third.bareAddresses.isEmpty)
    }

    @Test func `what is said of boots and guards travels when it changes, and is bounded`() throws {
        var (encoder, decoder) = (SampleEncoder(), SampleDecoder())
        let address = IPAddress(10, 8, 0, 1)
        var sample = NodeSample(monotonicNanoseconds: 1, generation: 7, clusters: [])
        #expect(try decoder.decode(encoder.encode(sample)).facts.boot == nil)
        sample.facts.boot = BootFacts(guarded: [address], members: [])
        #expect(try decoder.decode(encoder.encode(sample)).facts.boot == sample.facts.boot)
        let again = encoder.encode(sample)
        #expect(again.facts.boot == nil)
        #expect(try decoder.decode(again).facts.boot == sample.facts.boot)
        sample.facts.boot = BootFacts(guarded: Array(repeating: address, count: 5000))
        let bounded = try #require(try decoder.decode(encoder.encode(sample)).facts.boot)
        #expect(bounded.guarded.count == AgentLimits.addresses && bounded.members == nil)
    }
}
