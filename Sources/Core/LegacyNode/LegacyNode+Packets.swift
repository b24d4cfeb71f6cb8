import Responsibility

extension LegacyNode {
    /// How flows to a cluster address are placed; nil when there is no such address.
    public func placement(of address: IPv4Address) -> Placement? {
        guard let config = addresses[address], let mode = config.options.mode else { return nil }
        return Placement(
            mode: mode, bucketCount: UInt32(config.options.totalNodes), seed: config.options.hashInit,
            generation: JhashGeneration(of: kernel.version), byteOrder: kernel.byteOrder)
    }

    /// What the target does with a packet to a cluster address; nil when there is no such address.
    public func decide(_ packet: Packet) -> Verdict? {
        guard let destination = packet.flow.destination.v4, let config = addresses[destination],
            let placement = placement(of: destination)
        else { return nil }
        return ClusterIPTarget(placement: placement).decide(packet, owns: config.owns)
    }

    /// What `decide` says, with the log line that the kernel writes for a protocol without ports.
    ///
    /// The kernel limits the rate of these lines; this does not.
    public mutating func receive(_ packet: Packet) -> Verdict? {
        let verdict = decide(packet)
        if verdict?.bucket != nil, packet.flow.transport.portsOffset == nil {
            log.append("ipt_CLUSTERIP: unknown protocol \(packet.flow.transport.rawValue)")
        }
        return verdict
    }

    /// An ARP packet after the target's hook, as it leaves the node through an interface.
    ///
    /// Only requests and replies whose sender is a cluster address bound to that interface are changed, and in them
    /// only the sender's MAC address in the payload.
    public func rewritten(_ packet: ARPPacket, leavingThrough interface: String) -> ARPPacket {
        guard packet.isRequestOrReply, packet.isEthernetIPv4, let config = addresses[packet.senderIP],
            config.isBound, config.interface == interface
        else { return packet }
        var result = packet
        result.senderMAC = config.options.mac
        return result
    }
}

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
