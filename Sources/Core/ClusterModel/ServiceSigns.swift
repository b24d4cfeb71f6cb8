/// What a node counts beside its buckets' packets: signs of whether its clients are served.
///
/// All are numbers of packets since the table was made, and begin anew with it.
public struct ServiceSigns: Hashable, Sendable {
    /// Packets that it accepted and of which no reply would be counted, as pings.
    public var uncounted: UInt64
    /// TCP resets and ICMP errors that its host sent for the cluster address: no service took the packet.
    public var refusals: UInt64
    /// TCP segments without data that its host sent, which are no replies; nil where they are counted among the replies.
    public var bare: UInt64?
    /// TCP segments of buckets that it owns which belong to no connection that it knows, by bucket.
    public var strays: [Int: UInt64]
    /// Packets to the cluster address in frames to the node's own MAC, by the neighbour that sent them.
    public var misled: [MACAddress: UInt64]

    /// What keeps replies from clients; nil when replies flow, or the node knows of nothing.
    public var obstacle: WayBackObstacle?

    /// Signs from their parts.
    public init(
        uncounted: UInt64 = 0, refusals: UInt64 = 0, bare: UInt64? = nil, strays: [Int: UInt64] = [:],
        misled: [MACAddress: UInt64] = [:], obstacle: WayBackObstacle? = nil
    ) {
        self.uncounted = uncounted
        self.refusals = refusals
        self.bare = bare
        self.strays = strays
        self.misled = misled
        self.obstacle = obstacle
    }

    /// What was added since an earlier reading; a number that is smaller than it was has begun anew.
    public func grown(since old: Self) -> Self {
        func growth(_ old: UInt64, _ new: UInt64) -> UInt64 { new >= old ? new - old : new }  // bounded: compared
        return Self(
            uncounted: growth(old.uncounted, uncounted), refusals: growth(old.refusals, refusals),
            bare: bare.map { growth(old.bare ?? 0, $0) },
            strays: strays.compactMapValues { $0 }.reduce(into: [:]) { grown, next in
                let growth = growth(old.strays[next.key] ?? 0, next.value)
                if growth > 0 { grown[next.key] = growth }
            },
            misled: misled.reduce(into: [:]) { grown, next in
                let growth = growth(old.misled[next.key] ?? 0, next.value)
                if growth > 0 { grown[next.key] = growth }
            }, obstacle: obstacle)
    }
}

/// As on the wire: buckets and packets in turn, and the neighbours by their address as text.
extension ServiceSigns: Codable {
    private enum CodingKeys: String, CodingKey { case uncounted, refusals, bare, strays, misled, obstacle }

    /// Reads signs.
    ///
    /// - Throws: `DecodingError` when a bucket or an address is none, or one is named twice.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        uncounted = try container.decodeIfPresent(UInt64.self, forKey: .uncounted) ?? 0
        refusals = try container.decodeIfPresent(UInt64.self, forKey: .refusals) ?? 0
        bare = try container.decodeIfPresent(UInt64.self, forKey: .bare)
        // One of a kind that is not known says nothing.
        obstacle = try? container.decodeIfPresent(WayBackObstacle.self, forKey: .obstacle)
        let numbers = try container.decodeIfPresent([UInt64].self, forKey: .strays) ?? []
        let neighbours = try container.decodeIfPresent([String: UInt64].self, forKey: .misled) ?? [:]
        func wrong(_ what: String) -> DecodingError {
            .dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: what))
        }
        (strays, misled) = ([:], [:])
        guard numbers.count % 2 == 0 else { throw wrong("an odd number of numbers of stray segments") }
        for place in stride(from: 0, to: numbers.count, by: 2) {
            guard let bucket = Int(exactly: numbers[place]), (1...BucketSet.maximumBucket).contains(bucket),
                strays.updateValue(numbers[place + 1], forKey: bucket) == nil
            else { throw wrong("stray segments of bucket \(numbers[place])") }
        }
        for (text, packets) in neighbours {
            guard let mac = MACAddress(text) else { throw wrong("a neighbour that is no MAC address") }
            misled[mac] = packets
        }
    }

    /// Writes signs.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(uncounted, forKey: .uncounted)
        try container.encode(refusals, forKey: .refusals)
        try container.encodeIfPresent(bare, forKey: .bare)
        try container.encodeIfPresent(obstacle, forKey: .obstacle)
        let pairs = strays.sorted { $0.key < $1.key }.flatMap { [UInt64($0.key), $0.value] }
        if !pairs.isEmpty { try container.encode(pairs, forKey: .strays) }
        if !misled.isEmpty {
            try container.encode(
                Dictionary(uniqueKeysWithValues: misled.map { ("\($0.key)", $0.value) }), forKey: .misled)
        }
    }
}
