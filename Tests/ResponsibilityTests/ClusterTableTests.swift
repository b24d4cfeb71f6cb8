import Responsibility
import Testing

@Suite("The order of our own table")
struct ClusterTableTests {
    private let table = ClusterTable(placement: Placement(mode: .sourceIP, bucketCount: 16, seed: 3))

    private func reason(
        _ transport: TransportProtocol, _ state: ConnectionState, _ flags: TCPFlags = .syn, _ holding: Holding
    ) -> VerdictReason {
        let packet = Packet(flow: Samples.flow(transport), connection: state, tcpFlags: flags)
        let verdict = table.decide(packet) { _ in holding }
        #expect(verdict.bucket == table.placement.bucket(of: packet.flow))
        #expect(verdict.type == (verdict.accepts ? .host : .multicast))
        let marked = verdict.accepts && (transport != .tcp || flags.isPlainSYN) && verdict.reason != .icmpError
        #expect(verdict.mark == (marked ? verdict.bucket.map(UInt32.init) : nil))
        return verdict.reason
    }

    @Test(arguments: [TransportProtocol.udp, .sctp, .icmp, .esp])
    func onlyTCPHasSegmentsThatStray(transport: TransportProtocol) {
        #expect(reason(transport, .established, [], .owned) == .owned)
    }

    @Test(arguments: Holding.allCases)
    func establishedTCPIsAnsweredWhoeverHoldsTheBucket(holding: Holding) {
        for flags in [TCPFlags.ack, [.ack, .psh], .rst, [.fin, .ack], []] {
            #expect(reason(.tcp, .established, flags, holding) == .established)
            #expect(reason(.tcp, .establishedReply, [.syn, .ack], holding) == .established)
        }
    }

    @Test(arguments: [ConnectionState.untracked, .invalid, .new, .related])
    func strayTCPIsAnsweredOnlyForAnAdoptedBucket(state: ConnectionState) {
        for flags in [TCPFlags.ack, .rst, [.syn, .ack], [.syn, .rst], [.syn, .fin], []] {
            #expect(reason(.tcp, state, flags, .adopted) == .adopted)
            for holding in [Holding.none, .owned, .draining] {
                #expect(reason(.tcp, state, flags, holding) == .strayTCP)
            }
        }
    }

    @Test(arguments: [
        (Holding.none, VerdictReason.notOwned), (.owned, .owned), (.draining, .draining), (.adopted, .adopted),
    ])
    func newFlowsFollowTheBucket(holding: Holding, expected: VerdictReason) {
        #expect(reason(.tcp, .new, .syn, holding) == expected)
        #expect(reason(.tcp, .new, [.syn, .psh], holding) == expected)
        for transport in [TransportProtocol.udp, .icmp, .gre] {
            #expect(reason(transport, .new, holding) == expected)
            #expect(reason(transport, .established, holding) == expected, "only TCP keeps its connections")
        }
    }

    @Test(arguments: Holding.allCases)
    func withoutConntrackNothingButAdoptedTCPIsAnswered(holding: Holding) {
        for state in [ConnectionState.untracked, .invalid] {
            #expect(reason(.tcp, state, .syn, holding) == .noConnection)
            #expect(reason(.udp, state, holding) == .noConnection)
        }
    }

    @Test(arguments: Holding.allCases)
    func icmpErrorsOfAKnownConnectionAreAnswered(holding: Holding) {
        #expect(reason(.icmp, .related, holding) == .icmpError)
        #expect(reason(.icmp, .relatedReply, holding) == .icmpError)
    }

    private func reason(_ transport: TransportProtocol, _ state: ConnectionState, _ holding: Holding) -> VerdictReason {
        reason(transport, state, .syn, holding)
    }
}
