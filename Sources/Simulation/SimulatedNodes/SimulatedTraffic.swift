import Responsibility

/// Clients that never were: flows from many addresses, a few of them heavy, the same for the same seed.
package struct SimulatedTraffic {
    private struct Source {
        var flow: Flow
        var packetsPerSecond: Double
        var bytesPerPacket: UInt64
        var owed = 0.0
    }

    private var sources: [Source]
    private var random: SplitMix

    /// Traffic to an address, of about this many packets a second in all.
    package init(to address: IPAddress, flows: Int, packetsPerSecond: Double, seed: UInt64) {
        var random = SplitMix(seed: seed)
        // The k-th heaviest of n flows has a share of about 1/k.
        let total = (1...max(flows, 1)).reduce(0.0) { $0 + 1 / Double($1) }
        sources = (1...max(flows, 1)).map { rank in
            let isTCP = random.below(3) > 0
            return Source(
                flow: Flow(
                    transport: isTCP ? .tcp : .udp,
                    source: .v4(IPv4Address(number: 0x0a09_0000 + UInt32(random.below(65_535)) + 1)),
                    sourcePort: UInt16(1024 + random.below(64_000)), destination: address, destinationPort: 7777),
                packetsPerSecond: packetsPerSecond / Double(rank) / total, bytesPerPacket: 60 + random.below(1400))
        }
        self.random = random
    }

    /// What was sent in so many seconds: flows with packets and bytes.
    package mutating func send(seconds: Double, _ deliver: (Flow, UInt64, UInt64) -> Void) {
        for index in sources.indices {
            let jitter = 0.5 + Double(random.below(1000)) / 1000
            sources[index].owed += sources[index].packetsPerSecond * seconds * jitter
            let packets = UInt64(sources[index].owed)
            guard packets > 0 else { continue }
            sources[index].owed -= Double(packets)
            deliver(sources[index].flow, packets, packets * sources[index].bytesPerPacket)
        }
    }
}
