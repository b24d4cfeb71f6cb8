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

    /// A risk from its parts.
    public init(name: String, text: String, mustBeForced: Bool = false, node: String? = nil) {
        self.name = name
        self.text = text
        self.mustBeForced = mustBeForced
        self.node = node
    }
}
