import ClusterModel
import NodeDriver
import Responsibility
import Testing

@testable import NodeAgent

/// When an agent tells neighbours the cluster MAC, second by second.
@Suite struct AnnouncerTests {
    private static let address = IPAddress(10, 8, 0, 1)

    private func sample(misled: UInt64 = 0, arpRewritten: Bool = true, joinsGroup: Bool = false) -> NodeSample {
        var configuration = ClusterConfiguration(
            name: "web", address: Self.address, prefixLength: 16, interface: "eth0",
            mac: MACAddress(number: 0x0100_5e08_0001),
            scheme: .clusterIP(Placement(mode: .sourceIP, bucketCount: 4, seed: 42)))
        configuration.joinsGroup = joinsGroup
        var health = MulticastHealth()
        health.arpRewritten = arpRewritten
        let neighbour = MACAddress(number: 0x0200_0000_0001)
        return NodeSample(
            monotonicNanoseconds: 0, generation: 1,
            clusters: [
                ClusterSample(
                    configuration: configuration, driver: "nftables", ownership: Ownership(), counters: [],
                    health: health, signs: ServiceSigns(misled: misled > 0 ? [neighbour: misled] : [:]))
            ])
    }

    /// In which of these seconds, each with its packets of misled neighbours, it announces.
    private func seconds(_ announcer: inout Announcer, _ samples: [NodeSample]) -> [Int] {
        samples.enumerated().filter { !announcer.due($1, now: UInt64($0 + 100) * 1_000_000_000).isEmpty }.map(\.offset)
    }

    @Test func `a new table is announced three times, with pauses`() {
        var announcer = Announcer()
        announcer.begin(Self.address)
        #expect(seconds(&announcer, Array(repeating: sample(), count: 12)) == [0, 2, 4])
    }

    @Test func `nothing is announced without a cause`() {
        var announcer = Announcer()
        #expect(seconds(&announcer, Array(repeating: sample(), count: 120)) == [])
    }

    @Test func `it waits until ARP is rewritten`() {
        var announcer = Announcer()
        announcer.begin(Self.address)
        let samples = Array(repeating: sample(arpRewritten: false), count: 5) + Array(repeating: sample(), count: 8)
        #expect(seconds(&announcer, samples) == [5, 7, 9])
    }

    @Test func `a misled neighbour is told, and told again as long as it sends`() {
        var announcer = Announcer()
        let samples = (0..<20 as Range<UInt64>).map { sample(misled: $0 < 3 ? 0 : $0 < 12 ? $0 : 11) }
        let announced = seconds(&announcer, samples)
        #expect(announced.prefix(3) == [3, 5, 7])
        #expect(announced.dropFirst(3).allSatisfy { (12...17).contains($0) }, "\(announced)")
    }

    @Test func `switches that snoop are reminded once a minute`() {
        var announcer = Announcer()
        #expect(seconds(&announcer, Array(repeating: sample(joinsGroup: true), count: 130)) == [0, 60, 120])
    }
}
