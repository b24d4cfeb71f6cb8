import Responsibility

/// The settings that every node of a cluster must share, as one node's kernel holds them.
public struct ClusterConfiguration: Hashable, Sendable, Codable {
    /// The cluster's name, for people.
    public var name: String
    /// The shared address.
    public var address: IPv4Address
    /// The length of its network prefix, 0–32.
    public var prefixLength: Int
    /// The interface that carries it on this node.
    public var interface: String
    /// The shared MAC address; its group bit must be set.
    public var mac: MACAddress
    /// What is hashed.
    public var hashMode: HashMode
    /// The number of buckets, N.
    public var bucketCount: Int
    /// The seed.
    public var hashInit: UInt32

    /// A configuration from its parts.
    public init(
        name: String, address: IPv4Address, prefixLength: Int, interface: String, mac: MACAddress, hashMode: HashMode,
        bucketCount: Int, hashInit: UInt32
    ) {
        self.name = name
        self.address = address
        self.prefixLength = prefixLength
        self.interface = interface
        self.mac = mac
        self.hashMode = hashMode
        self.bucketCount = bucketCount
        self.hashInit = hashInit
    }

    /// The arithmetic that places flows.
    public var placement: Placement {
        Placement(mode: hashMode, bucketCount: UInt32(clamping: bucketCount), seed: hashInit)
    }

    enum CodingKeys: String, CodingKey {
        case name, address, interface, mac
        case prefixLength = "prefix_length"
        case hashMode = "hash_mode"
        case bucketCount = "total_nodes"
        case hashInit = "hash_init"
    }
}
