import ClusterModel
import Glibc
import Nftables
import NodeDriver
import Responsibility
import Testing

/// A table that counts beside another mechanism, and decides nothing.
@Suite struct ObserverTests {
    /// In the place of a kernel's ipt_CLUSTERIP: what it lets in has the bucket for its connection's mark, here 3 for everybody.
    private static let letsAllIn = """
        ip address add 10.8.0.1/16 dev eth0
        nft add table ip other
        nft add chain ip other in '{ type filter hook input priority 0; }'
        nft add rule ip other in ip daddr 10.8.0.1 ct mark set 3
        """

    @Test(arguments: HashMode.allCases)
    func whatArrivesIsCountedByItsBucketAndWhatIsLetInByItsMark(_ mode: HashMode) throws {
        try Rig.run(.nftables) { rig in
            let configuration = ClusterConfiguration.example(mode: mode)
            try shell(Self.letsAllIn)
            let observer = try #require(rig.driver as? any PacketObserver)
            #expect(try observer.counted(configuration) == nil)
            try observer.observe(configuration)
            try rig.resolve()
            let flows = [.udp, .icmp, .esp, .ah, .gre].flatMap { Traffic.flows($0, 40) }
            try rig.send(flows)
            var counted: [BucketCounters] = []
            for _ in 0..<200 {
                counted = try observer.counted(configuration) ?? []
                if counted.reduce(0, { $0 + ($1.accepted?.packets ?? 0) }) == UInt64(flows.count) { break }
                usleep(10_000)
            }
            let expected = Traffic.expected(flows, configuration, accepting: [])
            #expect(counted.map { $0.arrived?.packets } == expected.map { $0.arrived?.packets })
            #expect(counted.map { $0.accepted?.packets ?? 0 } == (1...16).map { $0 == 3 ? UInt64(flows.count) : 0 })
            // Another placement's counts are none of this one's.
            #expect(try observer.counted(ClusterConfiguration.example(mode: mode, seed: 77)) == nil)
        }
    }

    @Test func noRuleDecidesAndNothingIsLeft() throws {
        try Rig.run(.nftables) { rig in
            let configuration = ClusterConfiguration.example()
            let observer = try #require(rig.driver as? any PacketObserver)
            try observer.observe(configuration)
            try observer.observe(configuration)
            let listing = try shell("nft list table ip observer_10_8_0_1")
            #expect(!listing.contains("drop") && !listing.contains(" set ") && !listing.contains(" accept\n"))
            #expect(listing.contains("prerouting priority raw - 1;") && listing.contains("input priority filter + 10;"))
            // It is no table of ours, which would make the node a member.
            #expect(rig.node.sample().clusters.isEmpty)
            try observer.endObserving(configuration.address)
            try observer.endObserving(configuration.address)
            #expect(try shell("nft list ruleset").isEmpty)
        }
    }
}
