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

    /// A note from its parts, made safe and cut to their limits.
    public init(who: String, title: String, reason: String? = nil) {
        self.who = who.madeSafe(limit: Self.longestOperator)
        self.title = title.madeSafe(limit: Self.longestText)
        self.reason = reason.map { $0.madeSafe(limit: Self.longestText) }
    }
}

extension OperationNote: Codable {
    private enum Key: String, CodingKey {
        case who = "operator"
        case title, reason
    }

    /// Decodes a note; its texts are made safe and cut.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            who: try container.decode(String.self, forKey: .who),
            title: try container.decode(String.self, forKey: .title),
            reason: try container.decodeIfPresent(String.self, forKey: .reason))
    }

    /// Encodes the note.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(who, forKey: .who)
        try container.encode(title, forKey: .title)
        try container.encodeIfPresent(reason, forKey: .reason)
    }
}
