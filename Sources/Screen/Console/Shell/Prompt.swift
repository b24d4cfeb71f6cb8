/// A question in the last line that the operator is answering.
public struct Prompt: Hashable, Sendable {
    /// What the answer is for.
    public enum Purpose: Hashable, Sendable {
        /// `:` a command.
        case command
        /// `/` a filter of the screen.
        case filter
        /// The buckets of the plan draft.
        case buckets
        /// The typed word that a dangerous plan wants: a node's or the cluster's name.
        case confirmation
    }

    /// What the answer is for.
    public var purpose: Purpose
    /// What is typed.
    public var line: InputLine
    /// What was there before, for Esc.
    public var previous: String

    /// A prompt that starts with some text.
    public init(_ purpose: Purpose, text: String = "") {
        self.purpose = purpose
        line = InputLine(text)
        previous = text
    }
}
