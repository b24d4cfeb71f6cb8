import Responsibility

/// The Flow screen: the line being typed, and what the nodes' connection tracking answered.
public struct FlowDesk: Hashable, Sendable {
    /// What is typed.
    public var line = InputLine()
    /// Whether keys go to the line.
    public var isTyping = false
    /// The flow the nodes were asked about.
    public var asked: Flow?
    /// Their replies; nil until they come.
    public var replies: [FlowConnection]?

    /// An empty desk.
    public init() {}
}
