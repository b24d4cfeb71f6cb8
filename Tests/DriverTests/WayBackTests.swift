import ClusterModel
import Glibc
import LinuxNode
import NodeDriver
import Responsibility
import Testing

@testable import Nftables

/// What a node knows of replies that do not reach their clients.
@Suite struct WayBackTests {
    private static let configuration = ClusterConfiguration.example()

    /// A member with a service that answers UDP; a look before the fault, two with it, and new flows before each.
    private static func obstacle(_ fault: String) throws -> WayBackObstacle? {
        var found: WayBackObstacle?
        try Rig.run(.nftables) { rig in
            try rig.driver.install(configuration, owned: BucketSet(1...16))
            try rig.resolve()
            let service = try TestSocket(SOCK_DGRAM, .udp, source: Traffic.cluster, port: Traffic.port)
            var seen: Set<UInt32>?
            for round in 0..<3 {
                if round == 1 { try shell(fault) }
                try rig.send(Traffic.flows(.udp, 10, from: 1 + 10 * round))
                _ = try rig.counters(arrived: 10 * (round + 1))
                ReplyTests.answer(service)
                found = rig.node.probe.obstacle(to: configuration, seen: &seen)
                if round == 0 { #expect(seen?.count == 10 && found == nil) }
            }
        }
        return found
    }

    @Test func aMissingRouteIsNamedWithAClient() throws {
        guard case .noRoute(let client)? = try Self.obstacle("ip route flush table main") else {
            Issue.record("no route was missed")
            return
        }
        #expect(Traffic.flows(.udp, 30).contains { $0.source == client })
    }

    @Test func aRouteByAnotherInterfaceIsNamedWhereItsPacketsAreFiltered() throws {
        let crooked = "ip link add other0 type bridge; ip link set other0 up; ip route replace 10.9.0.0/16 dev other0"
        let strict = "; sysctl -qw net.ipv4.conf.all.rp_filter=1"
        guard case .reversePath(_, "other0")? = try Self.obstacle(crooked + strict) else {
            Issue.record("the reverse path filter was missed")
            return
        }
    }

    @Test func rulesThatDropWhatTheServiceSaysAreNamed() throws {
        let wall = """
            nft add table ip wall
            nft add chain ip wall out '{ type filter hook output priority 0; }'
            nft add rule ip wall out ip saddr 10.8.0.1 drop
            """
        guard case .dropped(let answers)? = try Self.obstacle(wall) else {
            Issue.record("the wall was missed")
            return
        }
        #expect(answers == 10)
    }
}
