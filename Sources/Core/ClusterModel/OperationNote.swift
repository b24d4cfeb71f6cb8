/// Who carries an operation out, what for, and why: what a node logs and keeps beside the operation's id.
///
/// All three are text for people, made safe for a terminal and cut to their limits where they enter.
public struct OperationNote: Hashable, Sendable {
    /// The longest name of an operator, in bytes.
    public static let longestOperator = 64
    /// The longest title or reason, in bytes.
    public static let longestText = 80

    /// The operator, such as "anna as root@console".
    public let who: String
    /// What the operation does, such as "drain node3".
    public let title: String
    /// Why, in the operator's words; nil when they gave no reason.
    public let reason: String?
    /// The node from which the operation takes every bucket, so that they can be given back to it; nil: it takes them from
    /// none.
    public let emptied: String?

    /// A note from its parts, made safe and cut to their limits.
    public init(who: String, title: String, reason: String? = nil, emptied: String? = nil) {
        self.who = Self.safe(who, bytes: Self.longestOperator)
        self.title = Self.safe(title, bytes: Self.longestText)
        self.reason = reason.map { Self.safe($0, bytes: Self.longestText) }
        self.emptied = emptied.map { Self.safe($0, bytes: Self.longestOperator) }
    }

    /// Text made safe, and cut to so many bytes between two characters.
    private static func safe(_ text: String, bytes limit: Int) -> String {
        var safe = text.madeSafe(limit: limit)
        while safe.utf8.count > limit { safe.removeLast() }
        return safe
    }
}

extension OperationNote: Codable {
    private enum Key: String, CodingKey {
        case who = "operator"
        case title, reason, emptied
    }

    /// Decodes a note; its texts are made safe and cut.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            who: try container.decode(String.self, forKey: .who),
            title: try container.decode(String.self, forKey: .title),
            reason: try container.decodeIfPresent(String.self, forKey: .reason),
            emptied: try container.decodeIfPresent(String.self, forKey: .emptied))
    }

    /// Encodes the note.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(who, forKey: .who)
        try container.encode(title, forKey: .title)
        try container.encodeIfPresent(reason, forKey: .reason)
        try container.encodeIfPresent(emptied, forKey: .emptied)
    }
}

/// A note as it stands beside an element in a kernel: one line of at most 254 bytes, its parts divided by tabs.
extension OperationNote {
    /// The longest line, in bytes: what nftables keeps beside an element.
    public static let longestLine = 254

    /// The line of an operation's note; the reason, and then the title, are cut where there is no room for all.
    public func line(of operation: String) -> String {
        let fixed = operation.utf8.count + who.utf8.count + (emptied?.utf8.count ?? 0) + 4
        let room = max(Self.longestLine - fixed, 0)
        let title = Self.safe(title, bytes: min(Self.longestText, room))
        let reason = Self.safe(reason ?? "", bytes: room - title.utf8.count)
        return [operation, who, emptied ?? "", title, reason].joined(separator: "\t")
    }

    /// Reads a line; nil for one that no program of ours writes.
    public static func parse(_ line: String) -> (operation: String, note: OperationNote)? {
        let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5, OperationMark(parsing: parts[0]) != nil, !parts[1].isEmpty else { return nil }
        let note = OperationNote(
            who: parts[1], title: parts[3], reason: parts[4].isEmpty ? nil : parts[4],
            emptied: parts[2].isEmpty ? nil : parts[2])
        return (parts[0], note)
    }
}
