import ClusterModel
import LinuxNode
import NodeDriver
import Responsibility
import Testing

@testable import Nftables

/// The IGMP group that a cluster MAC stands for, joined so that switches which snoop forward its frames.
@Suite struct GroupTests {
    private static var configuration: ClusterConfiguration {
        var configuration = ClusterConfiguration.example()
        configuration.joinsGroup = true
        return configuration
    }

    private static func groups() throws -> String { try shell("ip maddress show dev eth0; ip address show dev eth0") }

    @Test func aMemberJoinsAndLeaves() throws {
        try Rig.run(.nftables) { rig in
            try rig.driver.install(Self.configuration, owned: [1])
            let sample = try #require(try rig.driver.sample().clusters.first)
            #expect(sample.configuration == Self.configuration)
            #expect(sample.health.groupJoined == true && sample.health.isGood)
            #expect(try Self.groups().contains("inet  239.0.0.32"))
            try shell("ip address delete 239.0.0.32/32 dev eth0")
            #expect(try rig.driver.sample().clusters.first?.health.groupJoined == false)
            try rig.driver.rebuild(Self.configuration)
            #expect(try rig.driver.sample().clusters.first?.health.groupJoined == true)
            try rig.driver.uninstall(Traffic.cluster)
            #expect(try !Self.groups().contains("239.0.0.32"))
        }
    }

    @Test func aRebuildWithoutItLeavesTheGroup() throws {
        try Rig.run(.nftables) { rig in
            try rig.driver.install(Self.configuration, owned: [1])
            try rig.driver.rebuild(.example())
            #expect(try rig.driver.sample().clusters.first?.health.groupJoined == nil)
            #expect(try !Self.groups().contains("239.0.0.32"))
            #expect(try rig.driver.sample().clusters.first?.ownership.owned == [1])
        }
    }

    @Test func aMACThatStandsForNoGroupIsRefused() throws {
        try Rig.run(.nftables) { rig in
            var configuration = Self.configuration
            configuration.mac = MACAddress(number: 0x0300_0000_0001)
            #expect(throws: DriverError.self) { try rig.driver.install(configuration, owned: []) }
            #expect(MACAddress(number: 0x0100_5e88_0001).group == nil)
            #expect(MACAddress(number: 0x0100_5e7f_0001).group == IPAddress(239, 127, 0, 1))
        }
    }
}
