import ClusterModel
import Glibc
import NodeDriver
import Responsibility

/// Flows, and their packets through a pair of interfaces or into memory.
enum Traffic {
    static let cluster = IPAddress(10, 8, 0, 1)
    static let port: UInt16 = 7777

    /// The flows number 1…count of a protocol, with sources and ports spread over the client's addresses.
    static func flows(_ transport: TransportProtocol, _ count: Int, from first: Int = 1) -> [Flow] {
        (first..<first + count).map { index in
            let number = UInt32(truncatingIfNeeded: index &* 2_654_435_761)
            let hasPorts = transport.portsOffset != nil
            return Flow(
                transport: transport, source: .v4(IPv4Address(number: 0x0a09_0000 | number >> 16 & 0xfffe | 1)),
                sourcePort: hasPorts ? UInt16(20_000 + index % 30_000) : 0, destination: cluster,
                destinationPort: hasPorts ? port : 0)
        }
    }

    /// Sends one packet of a flow from the client; TCP's is a SYN, and the socket returned keeps it.
    @discardableResult
    static func send(_ flow: Flow) throws -> TestSocket {
        switch flow.transport {
        case .tcp:
            let socket = try TestSocket(SOCK_STREAM, .tcp, source: flow.source, port: flow.sourcePort)
            try socket.connect(to: flow.destination, port: flow.destinationPort)
            return socket
        case .udp:
            let socket = try TestSocket(SOCK_DGRAM, .udp, source: flow.source, port: flow.sourcePort)
            try socket.send(Array("hello".utf8), to: flow.destination, port: flow.destinationPort)
            return socket
        case .icmp:
            let socket = try TestSocket(SOCK_RAW, .icmp, source: flow.source, port: 0)
            try socket.send(
                echoRequest(UInt16(truncatingIfNeeded: flow.source.v4?.number ?? 0)), to: flow.destination, port: 0)
            return socket
        default:
            let socket = try TestSocket(SOCK_RAW, flow.transport, source: flow.source, port: 0)
            let ports = [flow.sourcePort, flow.destinationPort].flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
            let padding = [UInt8](repeating: 0, count: flow.transport.portsOffset ?? 0)
            try socket.send(padding + ports + [UInt8](repeating: 0, count: 32), to: flow.destination, port: 0)
            return socket
        }
    }

    /// Sends one TCP segment without payload, of no connection that either side's TCP knows.
    static func sendSegment(_ flow: Flow, _ flags: TCPFlags) throws {
        let socket = try TestSocket(SOCK_RAW, .tcp, source: flow.source, port: 0)
        var segment = [flow.sourcePort, flow.destinationPort].flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
        segment += [0, 0, 0, 1, 0, 0, 0, flags.contains(.ack) ? 1 : 0, 0x50, flags.rawValue, 0x20, 0, 0, 0, 0, 0]
        let checksum = internetChecksum(octets(flow.source) + octets(flow.destination) + [0, 6, 0, 20] + segment)
        segment[16] = UInt8(checksum >> 8)
        segment[17] = UInt8(checksum & 255)
        try socket.send(segment, to: flow.destination, port: 0)
    }

    /// Sends the ICMP error with which a router between tells that an answer of the cluster to a flow's client got nowhere.
    static func sendError(about flow: Flow, from router: IPAddress) throws {
        var message: [UInt8] = [3, 1, 0, 0, 0, 0, 0, 0]
        message += [0x45, 0, 0, 28, 0, 0, 0, 0, 63, flow.transport.rawValue, 0, 0]
        message += octets(flow.destination) + octets(flow.source)
        message +=
            [flow.destinationPort, flow.sourcePort].flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] } + [0, 8, 0, 0]
        let checksum = internetChecksum(message)
        message[2] = UInt8(checksum >> 8)
        message[3] = UInt8(checksum & 255)
        try TestSocket(SOCK_RAW, .icmp, source: router, port: 0).send(message, to: flow.destination, port: 0)
    }

    private static func octets(_ address: IPAddress) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: (address.v4?.number ?? 0) >> (24 - 8 * $0)) }
    }

    private static func internetChecksum(_ bytes: [UInt8]) -> UInt16 {
        let sum = stride(from: 0, to: bytes.count, by: 2).reduce(UInt32(0)) {
            $0 + UInt32(bytes[$1]) << 8 + UInt32(bytes[$1 + 1])
        }
        return ~UInt16(truncatingIfNeeded: (sum & 0xffff) + (sum >> 16))
    }

    /// What the counters must say after one packet of each flow.
    static func expected(_ flows: [Flow], _ configuration: ClusterConfiguration, accepting: BucketSet)
        -> [BucketCounters]
    {
        flows.reduce(
            into: Array(repeating: BucketCounters(zero: [.arrived, .accepted]), count: configuration.bucketCount)
        ) { counters, flow in
            let bucket = configuration.bucket(of: flow)
            counters[bucket - 1].arrived?.packets += 1
            if accepting.contains(bucket) { counters[bucket - 1].accepted?.packets += 1 }
        }
    }

    private static func echoRequest(_ id: UInt16) -> [UInt8] {
        var bytes: [UInt8] = [8, 0, 0, 0, UInt8(id >> 8), UInt8(id & 255), 0, 1]
        let checksum = internetChecksum(bytes)
        bytes[2] = UInt8(checksum >> 8)
        bytes[3] = UInt8(checksum & 255)
        return bytes
    }
}

extension [BucketCounters] {
    /// The packets alone, as text that shows where two differ.
    var packets: [String] {
        enumerated().map { "\($0 + 1): \($1.arrived?.packets ?? 0) arrived, \($1.accepted?.packets ?? 0) accepted" }
    }
}
