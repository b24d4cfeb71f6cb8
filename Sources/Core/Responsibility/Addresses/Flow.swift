/// One direction of a conversation, as a node sees its packets arrive.
///
/// Numbers are in host order; what order enters a hash is the scheme's business. Source: the fields of RFC 791 and of the
/// transport headers (RFC 9293, RFC 768).
public struct Flow: Hashable, Sendable {
    /// The IP protocol.
    public var transport: TransportProtocol
    /// The source address.
    public var source: IPv4Address
    /// The source port; 0 when the protocol has none.
    public var sourcePort: UInt16
    /// The destination address.
    public var destination: IPv4Address
    /// The destination port; 0 when the protocol has none.
    public var destinationPort: UInt16

    /// A flow from its five parts.
    public init(
        transport: TransportProtocol, source: IPv4Address, sourcePort: UInt16 = 0, destination: IPv4Address,
        destinationPort: UInt16 = 0
    ) {
        self.transport = transport
        self.source = source
        self.sourcePort = sourcePort
        self.destination = destination
        self.destinationPort = destinationPort
    }
}
