import Responsibility

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
        var random = SplitMix(state: 42)
        return (0..<count).map { _ in IPv4Address(number: UInt32(truncatingIfNeeded: random.next())) }
    }
}

/// A small random number generator with a seed, so that every run is the same.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
        return word ^ word >> 31
    }
}
