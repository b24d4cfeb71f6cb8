extension HashScheme {
    /// The buckets of the IPv4 flows of a batch, where whole blocks can be placed at once.
    ///
    /// Each flow is placed by this scheme, whatever its line says of its own placement. Nil when some flow cannot be placed:
    /// an nftables expression may name fields that its packets do not have.
    public func bulkBuckets(of flows: FlowBatch) -> [UInt32]? {
        switch self {
        case .clusterIP(let placement): placement.buckets(of: flows)
        case .clusterMatch(let match):
            [UInt32](unsafeUninitializedCapacity: flows.count) { buckets, count in
                flows.withColumns {
                    try? match.place($0.sources, into: .init(rebasing: buckets[..<flows.count]))
                }
                count = flows.count
            }
        case .nft(let expression): expression.results(of: flows)
        }
    }

    /// The buckets of the IPv4 flows of a batch, one by one; 0 where the scheme cannot place one.
    func singleBuckets(of flows: FlowBatch) -> [UInt32] {
        (0..<flows.count).map { index in
            (try? bucket(of: flows[index])).map { UInt32(truncatingIfNeeded: $0) } ?? 0
        }
    }

    /// The scheme with what a line says of its own placement; only that of ipt_CLUSTERIP can differ by line.
    public func over(_ record: FlowRecord) -> HashScheme {
        guard record.hasOwnPlacement, case .clusterIP(let placement) = self else { return self }
        return .clusterIP(record.placement(over: placement))
    }
}

extension FlowRecord {
    /// Whether the line says how its flow is placed.
    public var hasOwnPlacement: Bool { hashMode != nil || bucketCount != nil || seed != nil }
}
