/// One direction of a conversation in either address family.
///
/// Both addresses should be of one family; a scheme refuses what it cannot place. Ports are numbers in host order. Source:
/// RFC 791, RFC 8200 and the transport headers (RFC 9293, RFC 768).
public struct IPFlow: Hashable, Sendable {
    /// The IP protocol.
    public var transport: TransportProtocol
    /// The source address.
    public var source: IPAddress
    /// The source port; 0 when the protocol has none.
    public var sourcePort: UInt16
    /// The destination address.
    public var destination: IPAddress
    /// The destination port; 0 when the protocol has none.
    public var destinationPort: UInt16

    /// A flow from its five parts.
    public init(
        transport: TransportProtocol, source: IPAddress, sourcePort: UInt16 = 0, destination: IPAddress,
        destinationPort: UInt16 = 0
    ) {
        self.transport = transport
        self.source = source
        self.sourcePort = sourcePort
        self.destination = destination
        self.destinationPort = destinationPort
    }

    /// An IPv4 flow.
    public init(_ flow: Flow) {
        self.init(
            transport: flow.transport, source: .v4(flow.source), sourcePort: flow.sourcePort,
            destination: .v4(flow.destination), destinationPort: flow.destinationPort)
    }

    /// The same flow as an IPv4 flow; nil when one of its addresses is not of that family.
    public var v4: Flow? {
        guard case .v4(let source) = source, case .v4(let destination) = destination else { return nil }
        return Flow(
            transport: transport, source: source, sourcePort: sourcePort, destination: destination,
            destinationPort: destinationPort)
    }
}
