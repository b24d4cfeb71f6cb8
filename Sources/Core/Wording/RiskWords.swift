import ClusterModel
import Planning

extension Risk {
    /// One sentence with the values.
    public var sentence: String {
        switch self {
        case .notFenced(let node, let state):
            "\(node) is \(state.rawValue), which is not dead: if it still answers, two nodes answer and new connections "
                + "break"
        case .connectionsReset(let node, let buckets, nil):
            "\(node) forgets its connections in \(buckets.summary) at once, and the new owners reset them"
        case .connectionsReset(let node, let buckets, let seconds?):
            "connections that \(node) still keeps in \(buckets.summary) after \(Durations.words(seconds)) are reset"
        case .connectionsStranded(let node, let buckets, let health):
            "\(node) keeps its connections in \(buckets.summary) and cannot serve them "
                + "(\(health.complaint ?? "its service sends no replies")): mode immediate has the new owners reset them, so that clients "
                + "connect again"
        case .unknownConnections:
            "connections that nobody knows any more are reset at their next packet, so that clients connect again"
        case .silentNodes(let nodes):
            "\(nodes.joined(separator: ", ")) cannot be asked and may answer some of these buckets"
        case .unhealthyTarget(let node, let health):
            "\(node) may not answer: \(health.complaint ?? "its service sends no replies")"
        case .oneNode(let node, let count):
            "\(node) alone would answer all \(count) buckets: nothing is left if it fails"
        case .driverCannot(let node, let driver, let ability):
            "\(node)'s driver \(driver) \(ability.lackSentence): \(ability.consequence)"
        case .unknown(let recorded): recorded.text
        }
    }
}

/// A risk as the command line prints it in JSON; the keys are stable, the sentence is for people.
public struct WordedRisk: Hashable, Sendable, Encodable {
    /// A stable name, as `--force` takes it.
    public var name: String
    /// One sentence with the values.
    public var text: String
    /// Whether the plan is refused unless the risk is forced by name.
    public var mustBeForced: Bool
    /// The node whose name is to be typed before the plan is carried out.
    public var node: String?
    /// Nodes that cannot be asked: who forces the risk vouches that they answer nothing.
    public var silent: [String]?

    /// A risk's name and sentence.
    public init(_ risk: Risk) {
        name = risk.name
        text = risk.sentence
        mustBeForced = risk.mustBeForced
        node = risk.node
        silent = risk.silent.isEmpty ? nil : risk.silent
    }
}
