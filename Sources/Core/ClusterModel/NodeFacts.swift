/// What a node says of itself, whichever cluster addresses it has.
///
/// A fact is added here alone: samples, messages and statuses carry this whole. It is a field, nil when it is not known, and its
/// line in `news(since:)`, `take(_:)` and, where a node could overdo it, in the bounds of `AgentProtocol`.
public struct NodeFacts: Hashable, Sendable, Codable {
    /// The node's connection-tracking table; nil when it has none that can be read.
    public var conntrack: ConntrackTable?
    /// What it says of its next boot, and of guards; nil when it does not tell.
    public var boot: BootFacts?

    /// Facts from their parts.
    public init(conntrack: ConntrackTable? = nil, boot: BootFacts? = nil) {
        self.conntrack = conntrack
        self.boot = boot
    }

    /// What is another fact now than it was; the rest is left out.
    public func news(since old: NodeFacts) -> NodeFacts {
        NodeFacts(
            conntrack: conntrack == old.conntrack ? nil : conntrack,
            boot: boot == old.boot ? nil : boot)
    }

    /// Takes what is news; what was left out stays.
    public mutating func take(_ news: NodeFacts) {
        conntrack = news.conntrack ?? conntrack
        boot = news.boot ?? boot
    }
}
