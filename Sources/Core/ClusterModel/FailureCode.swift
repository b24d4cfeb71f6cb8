/// Why something that was asked of a node was not done, for programs; on the wire it is a word, such as `bad_value`.
public enum FailureCode: Hashable, Sendable {
    /// A value cannot be right, such as bucket 17 of 16.
    case badValue
    /// The agent may not change the node's network.
    case notPermitted
    /// The node's kernel or driver cannot do this.
    case notSupported
    /// The node has no such cluster address.
    case notFound
    /// The node has such a cluster address already.
    case alreadyExists
    /// The node owns buckets or keeps connections, so that it cannot leave.
    case stillOwner
    /// The node's table places flows in another way than the request expects.
    case otherSettings
    /// The ruleset kept changing under the driver's hands.
    case busy
    /// The kernel refused, for a reason that the message gives.
    case kernel
    /// The agent was started to change nothing.
    case readOnly
    /// The agent sent a sample that cannot be right.
    case malformed
    /// The request was never sent.
    case unsent
    /// The answer was lost: the request may or may not have been carried out.
    case lost
    /// The request came to be carried out after the last moment at which it may be; what is left of it is not done.
    case expired
    /// A code of another version of the agent.
    case unknown(String)

    private static let known: [FailureCode] = [
        .badValue, .notPermitted, .notSupported, .notFound, .alreadyExists, .stillOwner, .otherSettings, .busy, .kernel,
        .readOnly,
        .malformed, .unsent, .lost, .expired,
    ]
}

extension FailureCode: RawRepresentable, Codable {
    /// The code of a word; a word that is not known is kept, made safe for a terminal.
    public init(rawValue word: String) {
        self = Self.known.first { $0.rawValue == word } ?? .unknown(word.madeSafe(limit: 64))
    }

    /// The word.
    public var rawValue: String {
        switch self {
        case .badValue: "bad_value"
        case .notPermitted: "not_permitted"
        case .notSupported: "not_supported"
        case .notFound: "not_found"
        case .alreadyExists: "already_exists"
        case .stillOwner: "still_owner"
        case .otherSettings: "other_settings"
        case .busy: "busy"
        case .kernel: "kernel"
        case .readOnly: "read_only"
        case .malformed: "malformed"
        case .unsent: "unsent"
        case .lost: "lost"
        case .expired: "expired"
        case .unknown(let word): word
        }
    }
}
