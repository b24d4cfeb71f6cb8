import ClusterModel
import NodeDriver
import Responsibility
import SimulatedNodes
import Testing

/// Clusters of all drivers of a node side by side; a driver that fails takes none of the others along.
@Suite struct DriverRegistryTests {
    private static func configuration(_ last: UInt8) -> ClusterConfiguration {
        ClusterConfiguration(
            name: "web", address: IPAddress(10, 8, 0, last), prefixLength: 16, interface: "eth0",
            mac: MACAddress(number: 0x0100_5e08_0001),
            scheme: .clusterIP(Placement(mode: .sourceIP, bucketCount: 4, seed: 42)))
    }

    private let first = SimulatedDriver(name: "first")
    private let second = SimulatedDriver(
        name: "second", capabilities: Capabilities(counters: [], abilities: [.membership, .moving]))
    private var registry: DriverRegistry { DriverRegistry(probe: first, drivers: [first, second]) }

    @Test func clustersOfAllDriversAreSampledSideBySide() throws {
        try first.install(Self.configuration(2), owned: [1])
        try second.install(Self.configuration(1), owned: [2])
        let sample = registry.sample()
        #expect(sample.clusters.map(\.driver) == ["second", "first"])
        #expect(sample.clusters.map(\.capabilities) == [second.capabilities, first.capabilities])
        #expect(sample.failures.isEmpty)
        #expect(try registry.driver(of: IPAddress(10, 8, 0, 1)).driver.name == "second")
        #expect(throws: DriverError.notInstalled(IPAddress(10, 8, 0, 3))) {
            try registry.driver(of: IPAddress(10, 8, 0, 3))
        }
    }

    @Test func aDriverThatFailsIsAValueAndTheOthersGoOn() throws {
        try first.install(Self.configuration(2), owned: [1])
        try second.install(Self.configuration(1), owned: [2])
        first.failure = { $0 == .sample ? .before(DriverError(.busy, "too busy")) : nil }
        let sample = registry.sample()
        #expect(sample.clusters.map(\.driver) == ["second"])
        #expect(sample.failures == [DriverFailure(driver: "first", code: .busy, message: "too busy")])
    }

    @Test func anAddressOfTwoDriversIsTheFirstOnesAndTheOtherIsToldOf() throws {
        for driver in [first, second] { try driver.install(Self.configuration(1), owned: [1]) }
        let sample = registry.sample()
        #expect(sample.clusters.map(\.driver) == ["first"])
        #expect(sample.failures.map(\.driver) == ["second"] && sample.failures[0].code == .alreadyExists)
    }

    @Test func aDriverIsNamedOrTheFirst() throws {
        #expect(try registry.driver(named: nil).name == "first")
        #expect(try registry.driver(named: "second").name == "second")
        let error = #expect(throws: DriverError.self) { try registry.driver(named: "third") }
        #expect(error?.code == .notSupported && error?.message.contains("first, second") == true)
    }
}
