/// An ARP packet as far as the target CLUSTERIP reads it.
///
/// Numbers in host order. Source: RFC 826 and `arp_mangle` of ipt_CLUSTERIP.c.
public struct ARPPacket: Hashable, Sendable {
    /// The operation: 1 request, 2 reply.
    public var operation: UInt16
    /// The sender's address in the payload; 0.0.0.0 in a probe.
    public var senderIP: IPv4Address
    /// The sender's MAC address in the payload.
    public var senderMAC: LinkAddress
    /// The source address of the frame that carries it.
    public var frameSource: LinkAddress
    /// Whether the hardware is Ethernet and the protocol IPv4, with addresses of 6 and 4 bytes.
    public var isEthernetIPv4: Bool

    /// A packet from its parts; by default of Ethernet and IPv4.
    public init(
        operation: UInt16, senderIP: IPv4Address, senderMAC: LinkAddress, frameSource: LinkAddress,
        isEthernetIPv4: Bool = true
    ) {
        self.operation = operation
        self.senderIP = senderIP
        self.senderMAC = senderMAC
        self.frameSource = frameSource
        self.isEthernetIPv4 = isEthernetIPv4
    }

    /// Whether it is a request or a reply.
    public var isRequestOrReply: Bool { operation == 1 || operation == 2 }
}
