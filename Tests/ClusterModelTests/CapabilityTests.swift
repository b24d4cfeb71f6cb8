import ClusterModel
import FoundationEssentials
import Responsibility
import Testing

@Suite struct CapabilityTests {
    private static let settings = ClusterConfiguration(
        name: "web", address: IPAddress(10, 8, 0, 1), prefixLength: 16, interface: "eth0",
        mac: MACAddress(number: 0x0100_5e08_0001),
        scheme: .clusterIP(Placement(mode: .sourceIP, bucketCount: 100, seed: 42)))

    @Test func `what a later version knows is left out, and nothing else is lost`() throws {
        let text = """
            {"name":"new","counters":["accepted","guessed"],"abilities":["moving","flying"],"most_buckets":32,\
            "families":["ipv6","ipv8"]}
            """
        let driver = try JSONDecoder().decode(DriverDescription.self, from: Data(text.utf8))
        let known = Capabilities(counters: [.accepted], abilities: [.moving], mostBuckets: 32, families: [.v6])
        #expect(driver == DriverDescription("new", known))
        #expect(try JSONDecoder().decode(DriverDescription.self, from: JSONEncoder().encode(driver)) == driver)
    }

    @Test func `an impossible number of buckets is brought within bounds`() {
        #expect(Capabilities(counters: [], abilities: [], mostBuckets: -7).mostBuckets == 1)
        #expect(Capabilities(counters: [], abilities: [], mostBuckets: .max).mostBuckets == 65_536)
    }

    @Test func `a node says why a driver cannot make it a member`() {
        var node = NodeStatus(name: "a", state: .live)
        #expect(node.obstacle(driver: "x", to: Self.settings) == nil)
        let few = Capabilities(counters: [], abilities: [.membership], mostBuckets: 64)
        let reading = Capabilities(counters: [], abilities: [])
        let other = Capabilities(counters: [], abilities: [.membership], families: [.v6])
        node.drivers = [
            DriverDescription("ours", .full), DriverDescription("few", few), DriverDescription("reading", reading),
            DriverDescription("other", other),
        ]
        #expect(node.obstacle(driver: nil, to: Self.settings) == nil)
        var legacy = node
        legacy.drivers = [DriverDescription("ipt_CLUSTERIP", Capabilities(counters: [], abilities: [.moving, .marks]))]
        #expect(legacy.obstacle(driver: nil, to: Self.settings) == .noTables)
        #expect(node.obstacle(driver: "few", to: Self.settings) == .lacks(driver: "few", .buckets(100, most: 64)))
        #expect(
            node.obstacle(driver: "reading", to: Self.settings) == .lacks(driver: "reading", .ability(.membership)))
        #expect(node.obstacle(driver: "other", to: Self.settings) == .lacks(driver: "other", .family(.v4)))
        #expect(
            node.obstacle(driver: "x", to: Self.settings)
                == .noDriver("x", there: ["ours", "few", "reading", "other"]))
        node.isReadOnly = true
        #expect(node.obstacle(driver: nil, to: Self.settings) == .readOnly)
    }
}
