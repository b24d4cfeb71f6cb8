import Responsibility

/// The settings that every node of a cluster must share, as one node's kernel holds them.
public struct ClusterConfiguration: Hashable, Sendable {
    /// The cluster's name, for people.
    public var name: String
    /// The shared address.
    public var address: IPAddress
    /// The length of its network prefix: 0–32, or 0–128 for IPv6.
    public var prefixLength: Int
    /// The interface that carries it on this node.
    public var interface: String
    /// The shared MAC address; its group bit must be set.
    public var mac: MACAddress
    /// How flows are placed in buckets, and how many buckets there are.
    public var scheme: HashScheme
    /// Whether the node joins the IGMP group that the MAC stands for, so that switches which snoop forward it.
    public var joinsGroup: Bool

    /// A configuration from its parts.
    public init(
        name: String, address: IPAddress, prefixLength: Int, interface: String, mac: MACAddress, scheme: HashScheme,
        joinsGroup: Bool = false
    ) {
        self.name = name
        self.address = address
        self.prefixLength = prefixLength
        self.interface = interface
        self.mac = mac
        self.scheme = scheme
        self.joinsGroup = joinsGroup
    }

    /// The group to join; nil when none is wanted, or the MAC stands for none.
    public var group: IPAddress? { joinsGroup ? mac.group : nil }

    /// The number of buckets, N.
    public var bucketCount: Int { Int(scheme.bucketCount) }

    /// The hash scheme in words: "sourceip mod 16 seed 42".
    public var schemeText: String {
        "\(scheme.name) mod \(bucketCount) seed \(scheme.seedText)"
    }
}

extension ClusterConfiguration: Codable {
    private enum Key: String, CodingKey {
        case name, address, interface, mac, scheme
        case joinsGroup = "igmp"
        case prefixLength = "prefix_length"
        // What 0.1 wrote instead of the scheme.
        case hashMode = "hash_mode"
        case totalNodes = "total_nodes"
        case hashInit = "hash_init"
    }

    /// Decodes the object, also in the form that 0.1 wrote.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        name = try container.decode(String.self, forKey: .name)
        address = try container.decode(IPAddress.self, forKey: .address)
        prefixLength = try container.decode(Int.self, forKey: .prefixLength)
        interface = try container.decode(String.self, forKey: .interface)
        mac = try container.decode(MACAddress.self, forKey: .mac)
        joinsGroup = try container.decodeIfPresent(Bool.self, forKey: .joinsGroup) ?? false
        if let scheme = try container.decodeIfPresent(HashScheme.self, forKey: .scheme) {
            self.scheme = scheme
        } else {
            scheme = .clusterIP(
                Placement(
                    mode: try container.decode(HashMode.self, forKey: .hashMode),
                    bucketCount: UInt32(clamping: try container.decode(Int.self, forKey: .totalNodes)),
                    seed: try container.decode(UInt32.self, forKey: .hashInit)))
        }
    }

    /// Encodes the object; throws what the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(name, forKey: .name)
        try container.encode(address, forKey: .address)
        try container.encode(prefixLength, forKey: .prefixLength)
        try container.encode(interface, forKey: .interface)
        try container.encode(mac, forKey: .mac)
        try container.encode(scheme, forKey: .scheme)
        if joinsGroup { try container.encode(true, forKey: .joinsGroup) }
    }
}
