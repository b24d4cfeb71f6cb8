/// What one node's connection tracking says about a flow.
public struct FlowConnection: Hashable, Sendable {
    /// The node.
    public var node: String
    /// What it says: "established, 240 s left", "none".
    public var text: String
    /// Whether the node has the connection.
    public var isKnown: Bool

    /// A reply from its parts.
    public init(node: String, text: String, isKnown: Bool) {
        self.node = node
        self.text = text
        self.isKnown = isKnown
    }
}
