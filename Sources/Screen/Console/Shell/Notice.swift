/// One sentence for the operator, shown in the last line for a few seconds.
public struct Notice: Hashable, Sendable {
    /// How it is coloured and what word precedes it.
    public enum Kind: Sendable { case information, warning, failure }

    /// The sentence.
    public var text: String
    /// How bad it is.
    public var kind: Kind

    /// A notice from its parts.
    public init(_ text: String, kind: Kind = .information) {
        self.text = text
        self.kind = kind
    }
}
