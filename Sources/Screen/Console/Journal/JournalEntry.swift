import Planning

/// One line of the journal, as the console shows it.
public struct JournalEntry: Hashable, Sendable {
    /// How the entry ended.
    public enum Outcome: String, Sendable {
        case done, failed, stopped, running
        /// A later entry completed it, or took it back.
        case resumed, undone
        /// Its program ended before it did.
        case cutOff = "cut off"
    }

    /// When, as text ("2026-11-22 14:02:31").
    public var time: String
    /// Who ("root@console").
    public var actor: String
    /// What was asked: "move 3,7-9 to node2".
    public var title: String
    /// How it ended.
    public var outcome: Outcome
    /// The steps and what became of them, one sentence each.
    public var details: [String]
    /// What was planned; nil when it cannot be completed or taken back.
    public var plan: Plan?

    /// An entry from its parts.
    public init(time: String, actor: String, title: String, outcome: Outcome, details: [String] = [], plan: Plan? = nil)
    {
        self.time = time
        self.actor = actor
        self.title = title
        self.outcome = outcome
        self.details = details
        self.plan = plan
    }
}
