import ClusterModel
import DataPlane
import Responsibility
import Testing

@testable import NodeAgent

@Suite struct ConnectionCensusTests {
    private static let address = IPAddress(10, 8, 0, 1)
    private static let second: UInt64 = 1_000_000_000

    /// Every listing finds one connection more.
    private final class ListingDriver: Driver {
        let name = "listing"
        var listings = 0

        func sample() throws(DriverError) -> NodeSample {
            let configuration = ClusterConfiguration(
                name: "web", address: address, prefixLength: 16, interface: "eth0",
                mac: MACAddress(number: 0x0100_5e08_0001),
                scheme: .clusterIP(Placement(mode: .sourceIP, bucketCount: 1, seed: 0)))
            let health = MulticastHealth(
                interfacePresent: true, interfaceUp: true, macJoined: true, arpRewritten: true, addressPresent: true)
            let cluster = ClusterSample(
                configuration: configuration, driver: name, ownership: Ownership(owned: [1]),
                counters: [BucketCounters()], health: health)
            return NodeSample(monotonicNanoseconds: 1, generation: 1, clusters: [cluster])
        }

        func connections(of address: IPAddress) throws(DriverError) -> [Int: Int] {
            listings += 1
            return [1: listings]
        }

        func apply(_ step: StepRequest) throws(DriverError) -> StepOutcome { .applied }
        func operations(of address: IPAddress) throws(DriverError) -> [Int: String] { [:] }
        func dropConnections(of buckets: BucketSet, address: IPAddress) throws(DriverError) -> Int { 0 }
        func install(_ configuration: ClusterConfiguration, owned: BucketSet) throws(DriverError) {}
        func rebuild(_ configuration: ClusterConfiguration, from scheme: HashScheme?, keeping isKept: Bool)
            throws(DriverError)
        {}
        func leave(_ address: IPAddress) throws(DriverError) {}
        func uninstall(_ address: IPAddress) throws(DriverError) {}
    }

    @Test func `connections are not listed while a plan is carried out`() throws {
        let driver = ListingDriver()
        var census = ConnectionCensus()
        func listed(at seconds: UInt64) throws -> Int? {
            var sample = try driver.sample()
            census.complete(&sample, with: driver, now: seconds * Self.second)
            return sample.clusters[0].connections
        }
        #expect(try listed(at: 100) == nil)
        census.postpone(now: 100 * Self.second)
        #expect(try listed(at: 101) == nil)
        census.postpone(now: 101 * Self.second)
        #expect(try listed(at: 102) == nil && driver.listings == 0)
        #expect(try listed(at: 103) == 1)
        #expect(try listed(at: 104) == 1 && driver.listings == 1)
    }
}
