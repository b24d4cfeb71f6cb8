internal import CVectorHash

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

extension ClusterMatch {
    /// Places many connections by their original IPv4 source addresses, numbers in host order: `buckets[i]` becomes the
    /// bucket of the i-th, 1…N.
    ///
    /// Throws `lengths` when the two differ in length and `unavailable` for a width that this processor has not; then
    /// nothing is written. Source: `xt_cluster_hash`, as `bucket(of:)`.
    public func place(
        _ sources: UnsafeBufferPointer<UInt32>, into buckets: UnsafeMutableBufferPointer<UInt32>,
        width: VectorWidth = .best
    ) throws(BulkError) {
        guard sources.count == buckets.count else { throw .lengths }
        let start: (UInt32, UInt32, UInt32)
        switch generation {
        case .lookup3:
            let value = Jhash.initialValue &+ 4 &+ seed
            start = (value, value, value)
        case .lookup3WithoutLength: start = (Jhash.initialValue, Jhash.initialValue, seed)
        case .lookup2: start = (Jhash.goldenRatio, Jhash.goldenRatio, seed)
        }
        var batch = clusterip_batch(
            source: sources.baseAddress, source_port: nil, destination_port: nil, narrow: nil,
            wide: buckets.baseAddress, count: sources.count, start: start, nodes: bucketCount,
            words: byteOrder == .little ? CLUSTERIP_SOURCE_SWAPPED : CLUSTERIP_SOURCE,
            lookup2: generation == .lookup2)
        try Bulk.run(&batch, width)
    }
}

extension NftHash {
    /// The results for the IPv4 flows of a batch, each what `value(of:)` gives; nil when some flow has none.
    func results(of flows: FlowBatch) -> [UInt32]? {
        guard let seed, fields.allSatisfy({ $0.isIn(flows) }) else { return nil }
        let columns = fields.map { $0.words(of: flows) }
        // Only fields that are joined are padded to four bytes.
        let length = fields.count == 1 ? fields[0].v4Length : 4 * fields.count
        let start = Jhash.initialValue &+ UInt32(truncatingIfNeeded: length) &+ seed
        var state = [[UInt32]](repeating: [UInt32](repeating: start, count: flows.count), count: 3)
        for (index, column) in columns.enumerated() {
            if index > 0, index % 3 == 0 { Self.mix(&state) }
            let isTail = index >= (columns.count - 1) / 3 * 3
            Self.add(column, to: &state[index % 3], swapped: !isTail && byteOrder == .big)
        }
        return finish(state)
    }

    private static func add(_ words: [UInt32], to state: inout [UInt32], swapped: Bool) {
        for index in words.indices { state[index] &+= swapped ? words[index].byteSwapped : words[index] }
    }

    private static func mix(_ state: inout [[UInt32]]) {
        for index in state[0].indices {
            let mixed = Jhash.mix(state[0][index], state[1][index], state[2][index])
            (state[0][index], state[1][index], state[2][index]) = mixed
        }
    }

    private func finish(_ state: [[UInt32]]) -> [UInt32] {
        let (first, second, third) = (state[0], state[1], state[2])
        return first.indices.map { index in
            let hash = Jhash.finalMix(first[index], second[index], third[index])
            return UInt32(truncatingIfNeeded: (UInt64(hash) &* UInt64(modulus)) >> 32) &+ offset
        }
    }
}

extension NftKeyField {
    /// Whether every IPv4 flow of a batch has it.
    fileprivate func isIn(_ flows: FlowBatch) -> Bool {
        switch self {
        case .ip6Source, .ip6Destination, .ip6NextHeader, .originalIP6Source, .originalIP6Destination: return false
        default: break
        }
        guard !ports.isEmpty else { return true }
        return flows.transports.allSatisfy { number in
            let other = TransportProtocol(rawValue: number)
            return other.portsOffset == 0 && (transport == nil || other == transport)
        }
    }

    /// How many bytes it has of an IPv4 flow.
    fileprivate var v4Length: Int {
        switch self {
        case .ipProtocol, .transportProtocol, .networkProtocol, .connectionProtocol, .originalProtocol: 1
        case .etherType: 2
        default: ports.isEmpty ? 4 : 2
        }
    }

    /// Its bytes of every IPv4 flow, as a little-endian word; the flows must have it.
    fileprivate func words(of flows: FlowBatch) -> [UInt32] {
        switch self {
        case .ipSource, .originalSource, .originalIPSource: flows.sources.map(\.byteSwapped)
        case .ipDestination, .originalDestination, .originalIPDestination: flows.destinations.map(\.byteSwapped)
        case .ipProtocol, .transportProtocol, .connectionProtocol, .originalProtocol:
            flows.transports.map { UInt32($0) }
        case .networkProtocol: [UInt32](repeating: 2, count: flows.count)
        case .etherType: [UInt32](repeating: 0x0008, count: flows.count)
        case _ where ports == .source: flows.sourcePorts.map { UInt32($0.byteSwapped) }
        default: flows.destinationPorts.map { UInt32($0.byteSwapped) }
        }
    }
}
