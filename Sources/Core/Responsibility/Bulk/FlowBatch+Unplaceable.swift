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
