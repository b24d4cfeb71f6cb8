/// Something that a plan's operator should know before saying yes.
public struct Risk: Hashable, Sendable, Codable {
    /// A stable name, as `--force` takes it.
    public var name: String
    /// One sentence with the values.
    public var text: String
    /// Whether the plan is refused unless the risk is forced by name.
    public var mustBeForced: Bool
    /// The node whose clients can be cut off: its name is to be typed before the plan is carried out; nil: no name is.
    public var node: String?
    /// Nodes that cannot be asked: who forces the risk vouches that they answer nothing.
    public var silent: [String]?

    /// A risk from its parts.
    public init(name: String, text: String, mustBeForced: Bool = false, node: String? = nil, silent: [String]? = nil) {
        self.name = name
        self.text = text
        self.mustBeForced = mustBeForced
        self.node = node
        self.silent = silent
    }

    /// These nodes cannot be asked what they answer.
    static func silent(_ names: [String]) -> Risk {
        Risk(
            name: "silent-nodes",
            text: "\(names.joined(separator: ", ")) cannot be asked and may answer some of these buckets",
            mustBeForced: true, silent: names)
    }
}
