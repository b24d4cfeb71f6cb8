import ClusterModel
import Glibc
import NodeDriver
import Responsibility
import Testing

/// Statements about the way of a packet that only a real kernel can hold to.
@Suite struct PacketPathStatementTests {
    private func listener() throws -> TestSocket {
        let server = try TestSocket(SOCK_STREAM, .tcp, source: Traffic.cluster, port: Traffic.port)
        try server.listen()
        return server
    }

    @Test func statement18WithoutRulesTCPIsDeadAndUDPAnswers() throws {
        try Rig.run(.nftables) { rig in
            try shell("ip address add 10.8.0.1/32 dev eth0; ip maddress add 01:00:5e:00:00:20 dev eth0")
            try rig.resolve()
            let server = try listener()
            let datagrams = try TestSocket(SOCK_DGRAM, .udp, source: Traffic.cluster, port: Traffic.port)
            let sockets = try #require(
                try rig.namespaces?.onClient {
                    try (Traffic.flows(.tcp, 1) + Traffic.flows(.udp, 1)).map { try Traffic.send($0) }
                })
            #expect(datagrams.isReady(POLLIN))
            #expect(!sockets[0].isReady(POLLOUT, milliseconds: 200) && !server.isReady(POLLIN, milliseconds: 0))
        }
    }

    @Test func statement19AnOwnedBucketsPacketStillMeetsTheFilter() throws {
        try Rig.run(.nftables) { rig in
            try rig.driver.install(.example(), owned: BucketSet(1...16))
            try rig.resolve()
            let server = try listener()
            var flows = Traffic.flows(.tcp, 2)
            flows[1].sourcePort += 1
            let open = try #require(try rig.namespaces?.onClient { try Traffic.send(flows[0]) })
            #expect(open.isReady(POLLOUT) && server.isReady(POLLIN))
            try shell(
                """
                nft add table inet guard
                nft 'add chain inet guard input { type filter hook input priority 0; }'
                nft add rule inet guard input tcp sport \(flows[1].sourcePort) drop
                """)
            let refused = try #require(try rig.namespaces?.onClient { try Traffic.send(flows[1]) })
            #expect(!refused.isReady(POLLOUT, milliseconds: 200))
            let counters = try rig.counters(arrived: 2)
            #expect(counters.reduce(0) { $0 + ($1.accepted?.packets ?? 0) } >= 2, "our table accepted both")
        }
    }

    /// Our rules name the interface; a rule of `iif` beside them shows the difference.
    @Test func statement30TheTableOutlivesItsInterfaceAndARuleByIndexDoesNot() throws {
        try Rig.run(.nftables) { rig in
            let configuration = ClusterConfiguration.example()
            try rig.driver.install(configuration, owned: BucketSet(1...16))
            try shell(
                """
                nft add table inet probe
                nft 'add chain inet probe input { type filter hook prerouting priority -500; }'
                nft add rule inet probe input iif eth0 ip protocol udp counter
                """)
            func arrived(_ flows: [Flow], inAll total: Int) throws -> UInt64 {
                try rig.resolve()
                try rig.send(flows)
                return try rig.counters(arrived: total).reduce(0) { $0 + ($1.arrived?.packets ?? 0) }
            }
            func byIndex() throws -> String { try shell("nft list chain inet probe input | grep -o 'packets [0-9]*'") }
            #expect(try arrived(Traffic.flows(.udp, 20), inAll: 20) == 20)
            #expect(try byIndex() == "packets 20\n")
            try rig.namespaces?.replaceInterface()
            #expect(try arrived(Traffic.flows(.udp, 20, from: 21), inAll: 40) == 40)
            #expect(try byIndex() == "packets 20\n", "the index belongs to an interface that is gone")
        }
    }
}
