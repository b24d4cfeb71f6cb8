import CNetfilter
import ClusterModel
import Glibc
import Responsibility

/// An entry of connection tracking whose client speaks to a cluster address.
package struct Connection {
    /// The bucket, by the arithmetic: a mark may be another program's, or of another placement.
    package var bucket: Int
    /// Whether it is one that a draining bucket keeps: TCP, and not over.
    package let isKept: Bool
    private var tuple: [UInt8]
    private var id: [UInt8]?
    private var zone: [UInt8]?

    /// The connection in a message of ctnetlink; nil when its first packet did not go to the cluster address.
    package init?(_ attributes: Attributes, _ configuration: ClusterConfiguration) {
        guard let tuple = attributes.first(CTA_TUPLE_ORIG.rawValue), let flow = Self.flow(Attributes(tuple)),
            flow.destination == configuration.address,
            let placed = try? configuration.scheme.bucket(of: flow)
        else { return nil }
        bucket = placed
        isKept = flow.transport == .tcp && !Self.isOver(attributes)
        self.tuple = Array(tuple)
        id = attributes.first(CTA_ID.rawValue).map(Array.init)
        zone = attributes.first(CTA_ZONE.rawValue).map(Array.init)
    }

    /// The bucket of the TCP packets that come in for an entry, whichever side opened it; nil when none come to the address.
    package static func incomingBucket(_ attributes: Attributes, _ configuration: ClusterConfiguration) -> Int? {
        for direction in [CTA_TUPLE_ORIG, CTA_TUPLE_REPLY] {
            guard let tuple = attributes.first(direction.rawValue), let flow = flow(Attributes(tuple)),
                flow.transport == .tcp, flow.destination == configuration.address
            else { continue }
            return try? configuration.scheme.bucket(of: flow)
        }
        return nil
    }

    /// The client of an entry that it opened to the cluster address; nil of any other.
    static func client(_ attributes: Attributes, of configuration: ClusterConfiguration) -> IPv4Address? {
        guard let tuple = attributes.first(CTA_TUPLE_ORIG.rawValue), let flow = flow(Attributes(tuple)),
            flow.destination == configuration.address
        else { return nil }
        return flow.source.v4
    }

    /// The flow of an entry that somebody opened to an address, with its mark; nil for any other, and for one without a mark.
    static func marked(_ attributes: Attributes, to address: IPAddress) -> MarkedFlow? {
        guard let mark = attributes.first(CTA_MARK.rawValue)?.bigEndian(UInt32.self), mark != 0,
            let tuple = attributes.first(CTA_TUPLE_ORIG.rawValue), let flow = flow(Attributes(tuple)),
            flow.destination == address
        else { return nil }
        return MarkedFlow(flow: flow, mark: mark)
    }

    /// Removes the entry; false when it was gone already.
    package func delete(_ socket: NetlinkSocket) throws(KernelError) -> Bool {
        do throws(KernelError) {
            try socket.request(
                type: Self.type(IPCTNL_MSG_CT_DELETE), flags: NLM_F_ACK,
                extra: MessageBuffer.nfnetlink(family: AF_INET),
                build: { header in
                    mnl_attr_put(header, UInt16(CTA_TUPLE_ORIG.rawValue | UInt32(NLA_F_NESTED)), tuple.count, tuple)
                    if let id { mnl_attr_put(header, UInt16(CTA_ID.rawValue), id.count, id) }
                    if let zone { mnl_attr_put(header, UInt16(CTA_ZONE.rawValue), zone.count, zone) }
                })
            return true
        } catch {
            if error.number == ENOENT { return false }
            throw error
        }
    }

    /// Whether its service has answered it, though no answer may have left: a new one of UDP that has seen a reply, or one of
    /// TCP whose SYN was answered, and which waits.
    ///
    /// Source: include/uapi/linux/netfilter/nf_conntrack_common.h, IPS_SEEN_REPLY; nf_conntrack_tcp.h,
    /// TCP_CONNTRACK_SYN_RECV.
    static func isAnswered(_ attributes: Attributes, isNew: Bool) -> Bool {
        if let state = tcpState(attributes) { return state == 2 }
        let status = attributes.first(CTA_STATUS.rawValue)?.bigEndian(UInt32.self) ?? 0
        return isNew && status & 2 != 0
    }

    private static func tcpState(_ attributes: Attributes) -> UInt8? {
        attributes.nest(CTA_PROTOINFO.rawValue).nest(CTA_PROTOINFO_TCP.rawValue)
            .first(CTA_PROTOINFO_TCP_STATE.rawValue)?.native(UInt8.self)
    }

    /// Whether both sides have closed it: the kernel remembers it for two minutes more, and it carries nothing.
    ///
    /// Source: include/uapi/linux/netfilter/nf_conntrack_tcp.h, TCP_CONNTRACK_TIME_WAIT and TCP_CONNTRACK_CLOSE.
    private static func isOver(_ attributes: Attributes) -> Bool {
        let state = tcpState(attributes)
        return state == 7 || state == 8
    }

    /// The netlink message type of a ctnetlink message.
    package static func type(_ message: cntl_msg_types) -> UInt16 {
        UInt16(NFNL_SUBSYS_CTNETLINK << 8) | UInt16(message.rawValue)
    }

    private static func flow(_ tuple: Attributes) -> Flow? {
        let addresses = tuple.nest(CTA_TUPLE_IP.rawValue)
        let transport = tuple.nest(CTA_TUPLE_PROTO.rawValue)
        guard let source = addresses.first(CTA_IP_V4_SRC.rawValue)?.bigEndian(UInt32.self),
            let destination = addresses.first(CTA_IP_V4_DST.rawValue)?.bigEndian(UInt32.self),
            let number = transport.first(CTA_PROTO_NUM.rawValue)?.native(UInt8.self)
        else { return nil }
        return Flow(
            transport: TransportProtocol(rawValue: number), source: IPv4Address(number: source),
            sourcePort: transport.first(CTA_PROTO_SRC_PORT.rawValue)?.bigEndian(UInt16.self) ?? 0,
            destination: IPv4Address(number: destination),
            destinationPort: transport.first(CTA_PROTO_DST_PORT.rawValue)?.bigEndian(UInt16.self) ?? 0)
    }
}
