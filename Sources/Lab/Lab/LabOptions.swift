import Responsibility

/// What lab to make.
public struct LabOptions: Hashable, Sendable, Codable {
    /// The number of nodes, 1–64.
    public var nodes: Int
    /// How flows are placed in buckets; 1–65,536 buckets.
    public var scheme: HashScheme
    /// Whether the client sends traffic of its own.
    public var hasTraffic: Bool
    /// How many packets a second the client sends in all, 1–100,000.
    public var rate: Int

    /// Options; the defaults are those of `clusterip lab up`.
    public init(
        nodes: Int = 3,
        scheme: HashScheme = .clusterIP(Placement(mode: .sourceIPSourcePort, bucketCount: 16, seed: 42)),
        hasTraffic: Bool = true, rate: Int = 400
    ) {
        self.nodes = nodes
        self.scheme = scheme
        self.hasTraffic = hasTraffic
        self.rate = rate
    }

    /// The number of buckets.
    public var bucketCount: Int { Int(scheme.bucketCount) }

    /// Throws a sentence about the first value that is out of range.
    public func validate() throws(LabError) {
        guard (1...LabNetwork.maximumNodes).contains(nodes) else {
            throw LabError("a lab has 1 to \(LabNetwork.maximumNodes) nodes, not \(nodes)")
        }
        guard (1...65_536).contains(bucketCount) else {
            throw LabError("a lab has 1 to 65536 buckets, not \(bucketCount)")
        }
        guard (1...100_000).contains(rate) else {
            throw LabError("the traffic is 1 to 100000 packets a second, not \(rate); --no-traffic sends none")
        }
    }

    enum CodingKeys: String, CodingKey {
        case nodes, scheme, rate
        case hasTraffic = "traffic"
    }
}
