import ClusterModel
import Responsibility

/// Reads the parts of a flow, each from a cell of its own.
enum FlowText {
    /// A flow from its parts, whose addresses must be of one family.
    static func flow(
        _ transport: TransportProtocol, _ source: (IPAddress, UInt16), _ destination: (IPAddress, UInt16)
    ) throws(CommandError) -> Flow {
        switch (source.0, destination.0) {
        case (.v4, .v4), (.v6, .v6): break
        default: throw CommandError("\(source.0) and \(destination.0) are of two address families")
        }
        return Flow(
            transport: transport, source: source.0, sourcePort: source.1, destination: destination.0,
            destinationPort: destination.1)
    }

    /// A protocol by name or number.
    static func transport(_ text: String) throws(CommandError) -> TransportProtocol {
        guard let transport = TransportProtocol(text) else {
            throw CommandError(
                "\"\(text.madeSafe(limit: 40))\" is no IP protocol: write a name such as tcp, udp, icmp, or a number from 0 to 255"
            )
        }
        return transport
    }

    /// An address of either family.
    static func address(_ text: String, _ what: String) throws(CommandError) -> IPAddress {
        guard let address = IPAddress(text) else {
            let right =
                text.utf8.count { $0 == UInt8(ascii: ":") } > 1
                ? "an IPv6 address such as 2001:db8::1" : "an IPv4 address such as 10.9.1.2"
            throw CommandError("the \(what) \"\(text.madeSafe(limit: 60))\" is not \(right)")
        }
        return address
    }

    /// A port; nothing is port 0.
    static func port(_ text: String, _ what: String) throws(CommandError) -> UInt16 {
        if text.isEmpty { return 0 }
        guard let port = UInt16(text) else {
            throw CommandError("the \(what) port \"\(text.madeSafe(limit: 20))\" is not a number from 0 to 65535")
        }
        return port
    }
}
