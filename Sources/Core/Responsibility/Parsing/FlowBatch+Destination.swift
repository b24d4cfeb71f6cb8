extension FlowBatch {
    /// Removes the flows, of either family, that go to another address than this; returns how many those were.
    ///
    /// Skipped lines and errors stay. The order of the rest stays, with its line numbers; indices change.
    public mutating func removeFlows(notTo address: IPAddress) -> Int {
        let strangers = others.count
        others.removeAll { other in
            guard case .flow(let record) = other.content else { return false }
            return record.flow.destination != address
        }
        return strangers - others.count + removeColumns(notTo: address)
    }

    private mutating func removeColumns(notTo address: IPAddress) -> Int {
        guard let number = address.v4?.number else { return removeColumns { _ in true } }
        guard destinations.contains(where: { $0 != number }) else { return 0 }
        let destinations = room.destinations
        return removeColumns { destinations[$0] != number }
    }

    /// Removes the IPv4 flows at some indices; returns how many those were.
    ///
    /// `isLeaving` is asked for each index once, in order, about the batch as it was.
    mutating func removeColumns(where isLeaving: (Int) -> Bool) -> Int {
        let (old, oldLines, oldDetails, oldLengths) = (count, lines, details, lengths)
        removeColumns()
        for index in 0..<old where !isLeaving(index) {
            if let record = oldDetails[index] { details[count] = record }
            if index < oldLengths.count { lengths.append(oldLengths[index]) }
            lines.append(oldLines[index])
            room.move(from: index, to: count)
            count += 1
        }
        return old - count
    }
}
