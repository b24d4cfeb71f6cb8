extension NftHash {
    /// The results for the IPv4 flows of a batch, each what `value(of:)` gives; nil when some flow has none.
    func results(of flows: FlowBatch) -> [UInt32]? {
        guard let seed, !fields.contains(where: { $0 == .ip6Source || $0 == .ip6Destination }) else { return nil }
        if let only = fields.lazy.compactMap(\.transport).first {
            guard fields.allSatisfy({ $0.transport == nil || $0.transport == only }),
                flows.transports.allSatisfy({ $0 == only.rawValue })
            else { return nil }
        }
        let columns = fields.map { Self.words($0, of: flows) }
        // A single port is hashed as two bytes; fields that are joined are padded to four.
        let length = fields.count == 1 && !fields[0].ports.isEmpty ? 2 : 4 * fields.count
        let start = Jhash.initialValue &+ UInt32(truncatingIfNeeded: length) &+ seed
        var state = [[UInt32]](repeating: [UInt32](repeating: start, count: flows.count), count: 3)
        for (index, column) in columns.enumerated() {
            if index > 0, index % 3 == 0 { Self.mix(&state) }
            let isTail = index >= (columns.count - 1) / 3 * 3
            Self.add(column, to: &state[index % 3], swapped: !isTail && byteOrder == .big)
        }
        return finish(state)
    }

    /// A field's bytes of every flow, as a little-endian word.
    private static func words(_ field: NftKeyField, of flows: FlowBatch) -> [UInt32] {
        switch field {
        case .ipSource, .originalSource: flows.sources.map(\.byteSwapped)
        case .ipDestination, .originalDestination: flows.destinations.map(\.byteSwapped)
        case _ where field.ports == .source: flows.sourcePorts.map { UInt32($0.byteSwapped) }
        default: flows.destinationPorts.map { UInt32($0.byteSwapped) }
        }
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
