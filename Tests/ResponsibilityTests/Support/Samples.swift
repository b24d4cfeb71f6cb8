import Responsibility
import TestSupport

/// Flows and numbers that several tests use.
enum Samples {
    static let cluster = IPv4Address(10, 8, 0, 1)
    static let client = IPv4Address(192, 0, 2, 1)

    static func flow(
        _ transport: TransportProtocol = .tcp, from source: IPv4Address = client, port: UInt16 = 40_000,
        to destination: IPv4Address = cluster, port destinationPort: UInt16 = 443
    ) -> Flow {
        Flow(
            transport: transport, source: source, sourcePort: port, destination: destination,
            destinationPort: destinationPort)
    }

    /// `count` sources spread over the address space, the same at every run.
    static func sources(_ count: Int) -> [IPv4Address] {
        var random = SplitMix(seed: 42)
        return (0..<count).map { _ in IPv4Address(number: UInt32(truncatingIfNeeded: random.next())) }
    }
}
