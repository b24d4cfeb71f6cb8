import Responsibility

/// What lab to make.
public struct LabOptions: Hashable, Sendable, Codable {
    /// The number of nodes, 1–64.
    public var nodes: Int
    /// The number of buckets, 1–65,536.
    public var buckets: Int
    /// What is hashed.
    public var hashMode: HashMode
    /// The seed of the hash.
    public var hashInit: UInt32
    /// Whether the client sends traffic of its own.
    public var hasTraffic: Bool
    /// How many packets a second the client sends in all, 1–100,000.
    public var rate: Int

    /// Options; the defaults are those of `clusterip lab up`.
    public init(
        nodes: Int = 3, buckets: Int = 16, hashMode: HashMode = .sourceIPSourcePort, hashInit: UInt32 = 42,
        hasTraffic: Bool = true, rate: Int = 400
    ) {
        self.nodes = nodes
        self.buckets = buckets
        self.hashMode = hashMode
        self.hashInit = hashInit
        self.hasTraffic = hasTraffic
        self.rate = rate
    }

    /// Throws a sentence about the first value that is out of range.
    public func validate() throws(LabError) {
        guard (1...LabNetwork.maximumNodes).contains(nodes) else {
            throw LabError("a lab has 1 to \(LabNetwork.maximumNodes) nodes, not \(nodes)")
        }
        guard (1...65_536).contains(buckets) else { throw LabError("a lab has 1 to 65536 buckets, not \(buckets)") }
        guard (1...100_000).contains(rate) else {
            throw LabError("the traffic is 1 to 100000 packets a second, not \(rate); --no-traffic sends none")
        }
    }

    enum CodingKeys: String, CodingKey {
        case nodes, buckets, rate
        case hashMode = "hash_mode"
        case hashInit = "hash_init"
        case hasTraffic = "traffic"
    }
}
