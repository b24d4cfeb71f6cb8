import ClusterModel
import Responsibility

/// Reads a flow as operators type it: `tcp 10.9.1.2:4242 10.8.0.1:7777`, `10.9.1.2 4242`, `udp 10.9.1.2:53`.
enum FlowText {
    /// What is missing or wrong, one sentence.
    struct Problem: Error, Hashable { var text: String }

    /// An address with its port.
    private typealias End = (address: IPAddress, port: UInt16)

    /// The flow in a text.
    ///
    /// The protocol may be left out (TCP), so may the destination (the cluster address, port 0).
    static func parsed(_ text: String, clusterAddress: IPAddress) throws(Problem) -> Flow {
        var words = text.split { " ,>→".contains($0) }.map(String.init).filter { $0 != "-" && $0 != "--" }
        var transport = TransportProtocol.tcp
        if let first = words.first, !first.contains(".") {
            guard let named = TransportProtocol(first) else {
                throw Problem(text: "\"\(first)\" is not a protocol: write tcp, udp, sctp, icmp … or its number")
            }
            transport = named
            words.removeFirst()
        }
        guard let source = try takeEnd(&words) else {
            throw Problem(text: "type a source address such as 10.9.1.2:4242")
        }
        let destination = try takeEnd(&words) ?? (clusterAddress, 0)
        if let extra = words.first { throw Problem(text: "\"\(extra)\" is one word too many") }
        return Flow(
            transport: transport, source: source.address, sourcePort: source.port, destination: destination.address,
            destinationPort: destination.port)
    }

    private static func takeEnd(_ words: inout [String]) throws(Problem) -> End? {
        guard !words.isEmpty else { return nil }
        let word = words.removeFirst()
        let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let address = IPv4Address(parts[0]) else {
            throw Problem(text: "\"\(parts[0])\" is no IPv4 address: write four numbers like 10.9.1.2")
        }
        if parts.count == 2 { return (.v4(address), try port(parts[1])) }
        if let next = words.first, !next.contains(".") {
            words.removeFirst()
            return (.v4(address), try port(next))
        }
        return (.v4(address), 0)
    }

    private static func port(_ text: String) throws(Problem) -> UInt16 {
        if text.isEmpty { return 0 }
        guard text.utf8.count <= 5, text.utf8.allSatisfy({ (48...57).contains($0) }), let port = UInt16(text) else {
            throw Problem(text: "\"\(text)\" is no port: write 0 to 65535")
        }
        return port
    }
}
