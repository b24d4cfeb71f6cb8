import ClusterModel
import Responsibility

/// Reads flows as operators write them on a command line.
enum FlowText {
    /// A flow from a protocol and two ends.
    ///
    /// - Throws: `CommandError` that names the part that is wrong.
    static func flow(_ transport: String, _ source: String, _ destination: String) throws(CommandError) -> Flow {
        let (sourceAddress, sourcePort) = try end(source, "source")
        let (destinationAddress, destinationPort) = try end(destination, "destination")
        return Flow(
            transport: try self.transport(transport), source: sourceAddress, sourcePort: sourcePort,
            destination: destinationAddress, destinationPort: destinationPort)
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

    /// An address.
    static func address(_ text: String, _ what: String) throws(CommandError) -> IPv4Address {
        guard let address = IPv4Address(text) else {
            throw CommandError("the \(what) \"\(text.madeSafe(limit: 60))\" is not an IPv4 address such as 10.9.1.2")
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

    private static func end(_ text: String, _ what: String) throws(CommandError) -> (IPv4Address, UInt16) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return (try address(parts[0], what), parts.count == 2 ? try port(parts[1], what) : 0)
    }
}
