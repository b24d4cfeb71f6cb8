extension NftHash {
    /// The results for many IPv4 flows, each what `value(of:)` gives; nil when some flow has none.
    ///
    /// All columns of the flows must be there, in one length.
    public func results(of flows: FlowColumns) -> [UInt32]? {
        let fields = parts.compactMap(\.plainField)
        guard let seed, fields.count == parts.count, fields.allSatisfy({ $0.isIn(flows) }) else { return nil }
        let columns = zip(parts, fields).map { $0.masked($1.words(of: flows), length: $1.length) }
        // Only fields that are joined are padded to four bytes.
        let length = fields.count == 1 ? fields[0].length : 4 * fields.count
        let start = Jhash.initialValue &+ UInt32(truncatingIfNeeded: length) &+ seed
        var state = [[UInt32]](repeating: [UInt32](repeating: start, count: flows.sources.count), count: 3)
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

extension NftKeyPart {
    /// Its field, if bits are neither shifted nor taken by their place.
    fileprivate var plainField: NftKeyField? {
        guard case .field(let field) = source, !shifts else { return nil }
        return field
    }

    /// Words of a field behind the operations.
    fileprivate func masked(_ words: [UInt32], length: Int) -> [UInt32] {
        guard !operations.isEmpty else { return words }
        let (kept, flipped) = masks(of: length)
        // The first byte on the wire is the lowest of a word.
        func word(_ number: UInt128) -> UInt32 { UInt32(truncatingIfNeeded: number << (32 - 8 * length)).byteSwapped }
        let (mask, flips) = (word(kept), word(flipped))
        return words.map { ($0 & mask) ^ flips }
    }
}

extension NftKeyField {
    /// Whether every IPv4 flow has it.
    fileprivate func isIn(_ flows: FlowColumns) -> Bool {
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

    /// Its bytes of every IPv4 flow, as a little-endian word; the flows must have it.
    fileprivate func words(of flows: FlowColumns) -> [UInt32] {
        switch self {
        case .ipSource, .originalSource, .originalIPSource: flows.sources.map(\.byteSwapped)
        case .ipDestination, .originalDestination, .originalIPDestination: flows.destinations.map(\.byteSwapped)
        case .ipProtocol, .transportProtocol, .connectionProtocol, .originalProtocol:
            flows.transports.map { UInt32($0) }
        case .networkProtocol: [UInt32](repeating: 2, count: flows.sources.count)
        case .etherType: [UInt32](repeating: 0x0008, count: flows.sources.count)
        case _ where ports == .source: flows.sourcePorts.map { UInt32($0.byteSwapped) }
        default: flows.destinationPorts.map { UInt32($0.byteSwapped) }
        }
    }
}
