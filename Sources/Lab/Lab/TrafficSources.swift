import Responsibility

/// The client's source addresses: a few send most of the traffic, as in real life (Zipf's law, exponent 1).
struct TrafficSources {
    /// How many sources there are.
    static let count = 512

    private let cumulative: [Double]

    /// The sources in order of their weight.
    init() {
        var sum = 0.0
        cumulative = (1...Self.count).map { rank in
            sum += 1 / Double(rank)
            return sum
        }
    }

    /// An address of 10.9.0.0/16 drawn by weight.
    func draw() -> IPv4Address {
        let point = Double.random(in: 0..<(cumulative.last ?? 1))
        var (low, high) = (0, cumulative.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] > point { high = middle } else { low = middle + 1 }
        }
        return Self.address(rank: low)
    }

    /// The address of a rank from 0: scattered over the network, never ending in 0 or 255.
    static func address(rank: Int) -> IPv4Address {
        let third = UInt32(truncatingIfNeeded: rank &* 167 &+ 31) & 255
        let fourth = UInt32(truncatingIfNeeded: rank &* 89) % 254 + 1
        return IPv4Address(number: LabNetwork.clientNetwork.number | third << 8 | fourth)
    }
}
