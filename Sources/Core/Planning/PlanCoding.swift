import ClusterModel
import Responsibility

/// A plan as the journal keeps it.
///
/// Version 1 of the journal has a title instead of a kind, and sentences instead of risks; both are kept as they are.
extension Plan: Codable {
    private enum Key: String, CodingKey {
        case kind, title, reason, address, operation, mode, moves, risks, before, impact, balance
        case drainedElsewhere, finalization = "closing", membership, roster, bucketCount, absent
    }

    /// What a plan does to members; moves stand within it, so that an older version does not take it for moves alone.
    private struct Membership: Codable {
        var changes: [String: MembershipChange]
        var claims: [Move]
        var mode: MoveMode
    }

    /// Decodes a plan that this version or an earlier one wrote.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let title = try container.decodeIfPresent(String.self, forKey: .title)
        // Each value by itself: Swift 6.3 frees what was never made when the right side of `??` throws among arguments.
        let work = try Self.work(container)
        let absent = try container.decodeIfPresent(Set<String>.self, forKey: .absent) ?? []
        self.init(
            (try? container.decode(PlanKind.self, forKey: .kind)) ?? .unknown(title: title ?? "a plan"), work,
            reason: try container.decodeIfPresent(String.self, forKey: .reason),
            address: try container.decode(IPAddress.self, forKey: .address),
            operation: try container.decode(String.self, forKey: .operation),
            risks: try container.decode([Risk].self, forKey: .risks),
            before: try container.decode([String: Ownership].self, forKey: .before),
            impact: try container.decodeIfPresent([String: Impact].self, forKey: .impact),
            balance: try container.decodeIfPresent(Balance.self, forKey: .balance),
            drainedElsewhere: try container.decodeIfPresent(BucketSet.self, forKey: .drainedElsewhere),
            roster: try container.decodeIfPresent(Roster.self, forKey: .roster),
            bucketCount: try container.decodeIfPresent(Int.self, forKey: .bucketCount),
            absent: absent)
    }

    private static func work(_ container: KeyedDecodingContainer<Key>) throws -> PlanWork {
        if let ended = try container.decodeIfPresent([String: Ownership].self, forKey: .finalization) {
            return .finalization(ended)
        }
        if let membership = try container.decodeIfPresent(Membership.self, forKey: .membership) {
            return .membership(membership.changes, then: membership.claims, membership.mode)
        }
        let moves = try container.decode([Move].self, forKey: .moves)
        return .moves(moves, try container.decode(MoveMode.self, forKey: .mode))
    }

    /// Encodes the plan; what the journal's own columns hold besides is not repeated.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(kind, forKey: .kind)
        try container.encodeIfPresent(reason, forKey: .reason)
        try container.encode(address, forKey: .address)
        try container.encode(operation, forKey: .operation)
        switch work {
        case .moves(let moves, let mode):
            try container.encode(moves, forKey: .moves)
            try container.encode(mode, forKey: .mode)
        case .finalization(let ended): try container.encode(ended, forKey: .finalization)
        case .membership(let changes, let claims, let mode):
            try container.encode(Membership(changes: changes, claims: claims, mode: mode), forKey: .membership)
        }
        try container.encode(risks, forKey: .risks)
        try container.encode(before, forKey: .before)
        try container.encodeIfPresent(impact, forKey: .impact)
        try container.encodeIfPresent(balance, forKey: .balance)
        try container.encodeIfPresent(drainedElsewhere, forKey: .drainedElsewhere)
        try container.encodeIfPresent(roster, forKey: .roster)
        try container.encodeIfPresent(bucketCount, forKey: .bucketCount)
        if !absent.isEmpty { try container.encode(absent.sorted(), forKey: .absent) }
    }
}
