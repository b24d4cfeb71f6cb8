import Responsibility

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
        case .nft(let expression): flows.withColumns { expression.results(of: $0) }
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

extension Placement {
    /// The buckets of many flows, each 1…N.
    public func buckets(of flows: FlowBatch) -> [UInt32] {
        // The columns of a batch have one length, and the best width is available: nothing can be thrown.
        [UInt32](unsafeUninitializedCapacity: flows.count) { buckets, count in
            flows.withColumns { try? place($0, into: .init(rebasing: buckets[..<flows.count])) }
            count = flows.count
        }
    }
}

extension FlowBatch {
    /// Calls `body` with the batch's columns.
    public func withColumns<Result>(_ body: (FlowColumns) -> Result) -> Result {
        room.sources.withUnsafeBufferPointer { sources in
            room.sourcePorts.withUnsafeBufferPointer { sourcePorts in
                room.destinationPorts.withUnsafeBufferPointer { destinationPorts in
                    room.destinations.withUnsafeBufferPointer { destinations in
                        room.transports.withUnsafeBufferPointer { transports in
                            body(
                                FlowColumns(
                                    sources: .init(rebasing: sources[..<count]),
                                    sourcePorts: .init(rebasing: sourcePorts[..<count]),
                                    destinationPorts: .init(rebasing: destinationPorts[..<count]),
                                    destinations: .init(rebasing: destinations[..<count]),
                                    transports: .init(rebasing: transports[..<count])))
                        }
                    }
                }
            }
        }
    }
}

extension FlowBatch {
    /// Removes the IPv4 flows that a scheme cannot place, so that `HashScheme.bulkBuckets(of:)` places the rest; returns
    /// why, with how many there were of each reason.
    ///
    /// Only an nftables expression can refuse an IPv4 flow. What is among `others` stays. The order of the rest stays,
    /// with its line numbers; indices change. Source: `NftHash.value(of:)`, which throws the same for each.
    public mutating func removeUnplaceable(by scheme: HashScheme) -> [HashSchemeError: Int] {
        guard case .nft(let expression) = scheme, count > 0 else { return [:] }
        // Of IPv4 flows the protocol alone decides.
        let refusals = (UInt8.min ... .max).map { expression.refusal(of: TransportProtocol(rawValue: $0)) }
        guard transports.contains(where: { refusals[Int($0)] != nil }) else { return [:] }
        var reasons: [HashSchemeError: Int] = [:]
        let transports = room.transports
        _ = removeColumns { index in
            guard let refusal = refusals[Int(transports[index])] else { return false }
            reasons[.nft(refusal), default: 0] += 1
            return true
        }
        return reasons
    }
}

extension NftHash {
    /// Why it cannot be computed for an IPv4 flow of a protocol; nil when it can.
    fileprivate func refusal(of transport: TransportProtocol) -> NftHashError? {
        let none = IPv4Address(number: 0)
        do throws(NftHashError) {
            _ = try hash(of: Flow(transport: transport, source: none, destination: none))
            return nil
        } catch {
            return error
        }
    }
}
