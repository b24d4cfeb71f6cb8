import CNetfilter
import Responsibility

/// Sequences of expressions that together do one thing for a rule.
extension Expression {
    /// Counts the packet as accepted and lets it in as one for this host: TCP ignores packets still marked multicast.
    static var accept: [Expression] { [.lookup("answered", .bucket)] + letIn }

    /// Lets the packet in as one for this host: TCP ignores packets still marked multicast, and the kernel sends no ICMP
    /// error about them.
    static var letIn: [Expression] {
        [.immediate([0], .scratch), .setMeta(NFT_META_PKTTYPE, .scratch), .verdict(.accept)]
    }

    /// Matches frames to a multicast address, as the cluster's frames are.
    ///
    /// It costs an eighth of comparing the interface's name. Source: include/uapi/linux/if_packet.h, `PACKET_MULTICAST`.
    static var isMulticast: [Expression] {
        [.meta(NFT_META_PKTTYPE, .scratch), .compare(.scratch, equal: true, [2])]
    }

    /// Matches frames to the node's own MAC.
    static var isToHost: [Expression] {
        [.meta(NFT_META_PKTTYPE, .scratch), .compare(.scratch, equal: true, [0])]
    }

    /// Matches frames to a multicast address, and those that are marked as broadcast.
    static var isToMany: [Expression] {
        [.meta(NFT_META_PKTTYPE, .scratch), .compare(.scratch, equal: false, [0])]
    }

    /// Matches packets that came in by an Ethernet device, whose frames have MACs.
    ///
    /// Source: include/uapi/linux/if_arp.h, `ARPHRD_ETHER`.
    static var isEthernet: [Expression] {
        [.meta(NFT_META_IFTYPE, .scratch), .compare(.scratch, equal: true, [1, 0])]
    }

    /// Matches TCP packets with RST.
    static var resets: [Expression] {
        [
            .payload(NFT_PAYLOAD_TRANSPORT_HEADER, offset: 12, length: 4, .scratch),
            .mask(.scratch, UInt32(bigEndian: 0x04_0000)), .compare(.scratch, equal: false, [0, 0, 0, 0]),
        ]
    }

    /// Matches TCP packets without SYN: they neither open a connection nor answer an opening.
    static var opensNothing: [Expression] {
        [
            .payload(NFT_PAYLOAD_TRANSPORT_HEADER, offset: 12, length: 4, .scratch),
            .mask(.scratch, UInt32(bigEndian: 0x02_0000)), .compare(.scratch, equal: true, [0, 0, 0, 0]),
        ]
    }

    /// Matches TCP packets with neither SYN nor RST: what the other side of a connection sends as long as it lives.
    static var goesOn: [Expression] {
        [
            .payload(NFT_PAYLOAD_TRANSPORT_HEADER, offset: 12, length: 4, .scratch),
            .mask(.scratch, UInt32(bigEndian: 0x06_0000)), .compare(.scratch, equal: true, [0, 0, 0, 0]),
        ]
    }

    /// Matches packets of fewer than 256 bytes.
    static var isShort: [Expression] {
        [.payload(NFT_PAYLOAD_NETWORK_HEADER, offset: 2, length: 1, .scratch), .compare(.scratch, equal: true, [0])]
    }

    /// Matches packets of so many bytes, IP header included.
    static func hasLength(_ length: UInt16) -> [Expression] {
        [
            .payload(NFT_PAYLOAD_NETWORK_HEADER, offset: 2, length: 2, .scratch),
            .compare(.scratch, equal: true, [UInt8(length >> 8), UInt8(length & 0xff)]),
        ]
    }

    /// Matches TCP packets whose header has so many words of four bytes.
    static func tcpHeader(words: UInt8) -> [Expression] {
        [
            .payload(NFT_PAYLOAD_TRANSPORT_HEADER, offset: 12, length: 4, .scratch),
            .mask(.scratch, UInt32(bigEndian: 0xf000_0000)), .compare(.scratch, equal: true, [words << 4, 0, 0, 0]),
        ]
    }

    /// Matches ICMP errors that say that a packet did not reach its service (type 3).
    static var saysUnreachable: [Expression] {
        [.payload(NFT_PAYLOAD_TRANSPORT_HEADER, offset: 0, length: 1, .scratch), .compare(.scratch, equal: true, [3])]
    }

    /// Matches packets of the direction in which the other side answers.
    static var isReply: [Expression] {
        [.connection(NFT_CT_DIRECTION, .scratch), .compare(.scratch, equal: true, [1])]
    }

    /// Matches packets of an IP protocol.
    static func isProtocol(_ transport: TransportProtocol) -> [Expression] {
        [
            .payload(NFT_PAYLOAD_NETWORK_HEADER, offset: 9, length: 1, .scratch),
            .compare(.scratch, equal: true, [transport.rawValue]),
        ]
    }

    /// Matches a TCP packet whose flags among FIN, SYN, RST and ACK are SYN alone, or any other: the second of the header's
    /// bytes 12 to 15, because the kernel is fastest with words.
    static func tcpOpens(_ opens: Bool) -> [Expression] {
        [
            .payload(NFT_PAYLOAD_TRANSPORT_HEADER, offset: 12, length: 4, .scratch),
            .mask(.scratch, UInt32(bigEndian: 0x17_0000)), .compare(.scratch, equal: opens, [0, 0x02, 0, 0]),
        ]
    }

    /// Matches packets whose connection is in one of these states.
    static func connectionState(_ states: ConnectionStates) -> [Expression] {
        [
            .connection(NFT_CT_STATE, .scratch), .mask(.scratch, states.rawValue),
            .compare(.scratch, equal: false, [0, 0, 0, 0]),
        ]
    }

    /// Stops the rule for a packet without a conntrack entry, invalid or untracked: it has no direction to load.
    ///
    /// One step in place of the three of `ct state != invalid,untracked`, which every packet would pay for.
    ///
    /// Source: net/netfilter/nft_ct.c, `nft_ct_get_eval`.
    static var connectionIsKnown: [Expression] { [.connection(NFT_CT_DIRECTION, .scratch)] }
}
