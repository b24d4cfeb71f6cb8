import ClusterModel
import NodeDriver
import Responsibility
import Testing

@testable import NodeAgent

@Suite struct ConnectionCensusTests {
    private static let address = IPAddress(10, 8, 0, 1)
    private static let second: UInt64 = 1_000_000_000

    /// Every listing finds one connection more.
    private final class ListingNode: NodeProbe {
        let monotonicNanoseconds: UInt64 = 1
        let addresses: [IPAddress] = []
        var listings = 0

        func health(of configuration: ClusterConfiguration) -> MulticastHealth { MulticastHealth() }

        func connections(to configuration: ClusterConfiguration) throws(DriverError) -> [Int: Int] {
            listings += 1
            return [1: listings]
        }

        func dropConnections(
            of buckets: BucketSet, to configuration: ClusterConfiguration
        ) throws(DriverError) -> Int { 0 }
    }

    private static let sample = NodeSample(
        monotonicNanoseconds: 1, generation: 1,
        clusters: [
            ClusterSample(
                configuration: ClusterConfiguration(
                    name: "web", address: address, prefixLength: 16, interface: "eth0",
                    mac: MACAddress(number: 0x0100_5e08_0001),
                    scheme: .clusterIP(Placement(mode: .sourceIP, bucketCount: 1, seed: 0))),
                driver: "listing", ownership: Ownership(owned: [1]), counters: [], health: MulticastHealth())
        ])

    @Test func `connections are not listed while a plan is carried out`() throws {
        let node = ListingNode()
        var census = ConnectionCensus()
        func listed(at seconds: UInt64) throws -> Int? {
            var sample = Self.sample
            census.complete(&sample, with: node, now: seconds * Self.second)
            return sample.clusters[0].connections
        }
        #expect(try listed(at: 100) == nil)
        census.postpone(now: 100 * Self.second)
        #expect(try listed(at: 101) == nil)
        census.postpone(now: 101 * Self.second)
        #expect(try listed(at: 102) == nil && node.listings == 0)
        #expect(try listed(at: 103) == 1)
        #expect(try listed(at: 104) == 1 && node.listings == 1)
    }
}
