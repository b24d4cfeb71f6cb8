import Responsibility
import Testing

@Suite("Statements 15–19: the order of decisions")
struct VerdictStatementTests {
    private let target = ClusterIPTarget(
        placement: Placement(mode: .sourceIPSourcePort, bucketCount: 4, seed: 0))
    private var bucket: Int { target.placement.bucket(of: Samples.flow()) ?? 0 }

    @Test(arguments: [ConnectionState.untracked, .invalid])
    func statement15WithoutConntrackEverythingIsDropped(state: ConnectionState) {
        let verdict = target.decide(Packet(flow: Samples.flow(), connection: state)) { _ in true }
        #expect(verdict == Verdict(accepts: false, bucket: nil, type: .multicast, reason: .noConnection))
    }

    @Test(arguments: [ConnectionState.related, .relatedReply])
    func statement15ICMPErrorsPassOnEveryNodeAndKeepTheirType(state: ConnectionState) {
        let packet = Packet(flow: Samples.flow(.icmp), connection: state)
        let verdict = target.decide(packet) { _ in false }
        #expect(verdict == Verdict(accepts: true, bucket: nil, type: .multicast, reason: .icmpError))
    }

    @Test func statement15ANewConnectionIsMarkedEvenWhenItIsDropped() {
        let packet = Packet(flow: Samples.flow(), connection: .new)
        let foreign = target.decide(packet) { _ in false }
        #expect(!foreign.accepts && foreign.mark == UInt32(bucket) && foreign.type == .multicast)
        let own = target.decide(packet) { $0 == bucket }
        #expect(own.accepts && own.mark == UInt32(bucket) && own.type == .host)
    }

    @Test(arguments: ConnectionState.allCases.filter(\.hasEntry))
    func statement15ABucketThatIsNotOwnedIsDroppedInEveryState(state: ConnectionState) {
        let verdict = target.decide(Packet(flow: Samples.flow(), connection: state)) { $0 != bucket }
        #expect(!verdict.accepts && verdict.reason == .notOwned)
        #expect((verdict.mark != nil) == (state == .new))
    }

    @Test(arguments: ConnectionState.allCases.filter(\.hasEntry))
    func statement15AnOwnedBucketBecomesTheHostsInEveryState(state: ConnectionState) {
        let verdict = target.decide(Packet(flow: Samples.flow(), connection: state)) { $0 == bucket }
        let mark = state == .new ? UInt32(bucket) : nil
        #expect(verdict == Verdict(accepts: true, bucket: bucket, mark: mark, type: .host, reason: .owned))
    }

    @Test func statement15CutOffPacketsHashWithPortsZero() {
        let packet = Packet(flow: Samples.flow(), hasReadablePorts: false)
        let expected = target.placement.bucket(of: Samples.flow(port: 0, port: 0))
        #expect(target.decide(packet) { _ in true }.bucket == expected)
    }

    @Test func statement16TheClusterMatchNeedsAConnectionEvenInverted() throws {
        let match = ClusterMatch(bucketCount: 2, seed: 5)
        for isInverted in [false, true] {
            let rule = try ClusterMatchRule(match: match, nodeMask: 3, isInverted: isInverted)
            for state in ConnectionState.allCases {
                let result = rule.evaluate(Packet(flow: Samples.flow(), connection: state))
                #expect(result.matches == (state.hasEntry && !isInverted))
                #expect(result.type == .host)
            }
        }
        let group = Samples.flow(to: IPv4Address(224, 0, 0, 18))
        let rule = try ClusterMatchRule(match: match, nodeMask: 1)
        #expect(rule.evaluate(Packet(flow: group)).type == .multicast)
    }

    @Test func statement17ARemovedBucketDropsItsEstablishedConnections() {
        let packet = Packet(flow: Samples.flow(), connection: .established, tcpFlags: .ack)
        var owned: Set<Int> = [bucket]
        #expect(target.decide(packet) { owned.contains($0) }.accepts)
        owned.remove(bucket)
        #expect(!target.decide(packet) { owned.contains($0) }.accepts)
    }

    @Test func statement18WithoutRulesTCPIsDeadAndTheRestAnswers() {
        #expect(!PacketType.multicast.reaches(.tcp))
        #expect(PacketType.host.reaches(.tcp))
        for transport in [TransportProtocol.udp, .icmp, .sctp] { #expect(PacketType.multicast.reaches(transport)) }
        for transport in [TransportProtocol.tcp, .udp, .icmp] { #expect(!PacketType.otherHost.reaches(transport)) }
    }

    /// The packet of an owned bucket passes the target and meets the rules after it, here a second target.
    ///
    /// What follows in the filter is tried on a real kernel in `PacketPathStatementTests`.
    @Test func statement19OwnedIsNotAccepted() {
        let next = ClusterIPTarget(placement: Placement(mode: .sourceIP, bucketCount: 4, seed: 1))
        var packet = Packet(flow: Samples.flow())
        let first = target.decide(packet) { _ in true }
        #expect(first.accepts && first.reason == .owned)
        packet.type = first.type
        let second = next.decide(packet) { _ in false }
        #expect(!second.accepts && second.reason == .notOwned && second.type == .host)
    }
}
