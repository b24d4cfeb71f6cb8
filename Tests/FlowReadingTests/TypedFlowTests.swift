import FlowReading
import Responsibility
import Testing

@Suite struct TypedFlowTests {
    private static let cluster = IPv4Address(10, 8, 0, 1)

    @Test(arguments: [
        "tcp 10.9.1.2:4242 10.8.0.1:80", "10.9.1.2:4242 10.8.0.1:80", "TCP 10.9.1.2 4242 10.8.0.1 80",
        "6 10.9.1.2:4242 -> 10.8.0.1:80", "10.9.1.2:4242 → 10.8.0.1:80", "  tcp   10.9.1.2:4242,10.8.0.1:80 ",
    ])
    func `one flow may be typed in many ways`(text: String) throws {
        let typed = try TypedFlow(text)
        let flow = Flow(
            transport: .tcp, source: IPv4Address(10, 9, 1, 2), sourcePort: 4242, destination: Self.cluster,
            destinationPort: 80)
        #expect(typed.flow == flow && typed.missingPorts.isEmpty)
    }

    @Test(arguments: [
        ("10.9.1.2", HashedPorts.both), ("10.9.1.2:", .both), ("10.9.1.2:0", .destination),
        ("10.9.1.2 7", .destination),
        ("10.9.1.2 10.8.0.1:80", .source), ("icmp 10.9.1.2", HashedPorts()), ("esp 10.9.1.2", .both),
    ])
    func `ports that were left out are known to be missing`(text: String, missing: HashedPorts) throws {
        let typed = try TypedFlow(text, destination: .v4(Self.cluster))
        #expect(typed.missingPorts == missing)
        #expect(typed.flow.destination == .v4(Self.cluster) && typed.flow.source == .v4(IPv4Address(10, 9, 1, 2)))
    }

    @Test func `addresses of IPv6 have their ports behind brackets`() throws {
        let flow = try TypedFlow("udp [2001:db8::2]:53 2001:db8::1").flow
        #expect("\(flow.source)" == "2001:db8::2" && flow.sourcePort == 53 && "\(flow.destination)" == "2001:db8::1")
    }

    @Test(arguments: [
        ("tcp", "type a source address such as 10.9.1.2:4242"), ("", "type a source address"),
        ("tpc 10.9.1.2", "\"tpc\" is not a protocol"), ("10.9.1", "\"10.9.1\" is not an address"),
        ("10.9.1.2:99999", "\"99999\" is no port"),
        ("10.9.1.2:1 10.8.0.1:2 10.8.0.1", "\"10.8.0.1\" is one word too many"),
        ("10.9.1.2:-1", "\"-1\" is no port"), ("[2001:db8::1]x", "\"[2001:db8::1]x\" is not an address"),
        ("10.9.1.2 2001:db8::1", "10.9.1.2 and 2001:db8::1 are of two address families"),
        ("1\u{1B}[2J.2", "\"1?[2J.2\" is not an address"),
    ])
    func `text that is no flow says what is wrong`(text: String, problem: String) {
        do {
            let typed = try TypedFlow(text, destination: .v4(Self.cluster))
            Issue.record("read as \(typed)")
        } catch { #expect(error.description.hasPrefix(problem)) }
    }

    @Test func `a flow goes to a destination that is typed or known`() {
        #expect(throws: TypedFlowError.destinationMissing) { try TypedFlow("10.9.1.2:7") }
    }
}
