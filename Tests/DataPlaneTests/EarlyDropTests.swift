import ClusterModel
import DataPlane
import Glibc
import Responsibility
import Testing

/// What opens a flow of another node's bucket is counted, and dropped before connection tracking.
@Suite struct EarlyDropTests {
    private static let owned = BucketSet([1, 4, 5, 6])

    /// Counts the packets to the cluster address that come as far as connection tracking.
    private static let probe = """
        nft add table ip probe
        nft add chain ip probe tracked '{ type filter hook prerouting priority -199; }'
        nft add rule ip probe tracked ip daddr 10.8.0.1 counter
        """

    @Test(arguments: HashMode.allCases)
    func onlyWhatMayBeAnsweredIsTracked(_ mode: HashMode) throws {
        try Rig.run(.nftables) { rig in
            let configuration = ClusterConfiguration.example(mode: mode)
            try rig.driver.install(configuration, owned: Self.owned)
            try rig.resolve()
            try shell(Self.probe)
            let opening = [.udp, .esp, .ah, .sctp, .gre].flatMap { Traffic.flows($0, 40) } + Traffic.flows(.tcp, 40)
            let others = Traffic.flows(.icmp, 40) + Traffic.flows(.tcp, 40, from: 100)
            try rig.send((opening + others).filter { $0.transport != .tcp })
            try rig.namespaces?.onClient {
                for flow in opening where flow.transport == .tcp { try Traffic.sendSegment(flow, .syn) }
                for flow in others where flow.transport == .tcp { try Traffic.sendSegment(flow, .ack) }
            }
            let all = opening + others
            let counters = try rig.counters(arrived: all.count)
            let arrived = Traffic.expected(all, configuration, accepting: []).map(\.arrived.packets)
            #expect(counters.map(\.arrived.packets) == arrived)
            let mine = opening.count { Self.owned.contains(configuration.bucket(of: $0)) }
            let tracked = try shell("nft list chain ip probe tracked")
            #expect(tracked.contains("counter packets \(mine + others.count) bytes"), "\(tracked)")
        }
    }

    @Test func withoutItTheSamePacketsAreAnsweredAndTheTableIsAltered() throws {
        try Rig.run(.nftables) { rig in
            let configuration = ClusterConfiguration.example()
            try rig.driver.install(configuration, owned: Self.owned)
            try rig.resolve()
            try shell("nft delete chain ip clusterip_10_8_0_1 before_tracking")
            let flows = [.udp, .icmp, .esp, .ah].flatMap { Traffic.flows($0, 40) }
            try rig.send(flows)
            let expected = Traffic.expected(flows, configuration, accepting: Self.owned)
            #expect(try rig.counters(arrived: flows.count).packets == expected.packets)
            #expect(
                try rig.driver.sample().clusters.first?.alterations
                    == [.chainMissing(.init(.ip, "before_tracking"))])
        }
    }

    @Test func theSampleTellsHowFullConnectionTrackingIs() throws {
        try Rig.run(.nftables) { rig in
            try rig.driver.install(.example(), owned: BucketSet(1...16))
            try rig.resolve()
            #expect(try rig.driver.sample().conntrack?.count == 0)
            try rig.send(Traffic.flows(.udp, 50))
            _ = try rig.counters(arrived: 50)
            let limit = try shell("cat /proc/sys/net/netfilter/nf_conntrack_max").split(separator: "\n").first
            let table = try #require(try rig.driver.sample().conntrack)
            #expect(table.count == 50 && limit == "\(table.limit)", "\(table)")
        }
    }
}
