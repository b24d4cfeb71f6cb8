/// One direction of a conversation, in either address family, as a node sees its packets arrive.
///
/// Both addresses should be of one family; a hash scheme refuses what it cannot place. Numbers are in host order; what
/// order enters a hash is the scheme's business. Source: the fields of RFC 791 and RFC 8200, and of the transport
/// headers (RFC 9293, RFC 768).
public struct Flow: Hashable, Sendable {
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
    /// The next header of the IPv6 header in a packet with extension headers; nil in all others.
    public var nextHeader: UInt8?

    /// A flow from its five parts.
    @inlinable
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

    /// An IPv4 flow from its five parts.
    @inlinable
    public init(
        transport: TransportProtocol, source: IPv4Address, sourcePort: UInt16 = 0, destination: IPv4Address,
        destinationPort: UInt16 = 0
    ) {
        self.init(
            transport: transport, source: .v4(source), sourcePort: sourcePort, destination: .v4(destination),
            destinationPort: destinationPort)
    }
}
