/// What is spread fairly when a cluster is rebalanced.
public enum Measure: Hashable, Sendable, CustomStringConvertible {
    /// As many buckets on each node.
    case count
    /// Buckets in proportion to the nodes' weights, by name; a node that is not named weighs 1, and 0 means none.
    case weight([String: Double])
    /// As many accepted packets a second on each node, by the rates now measured.
    case rate

    /// The measure in a word or two: "count", "weight node1=2", "rate".
    public var description: String {
        switch self {
        case .count: "count"
        case .weight(let weights):
            "weight "
                + weights.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.text($0.value))" }.joined(separator: " ")
        case .rate: "rate"
        }
    }

    /// A number without a fraction of zero.
    private static func text(_ number: Double) -> String {
        let text = "\(number)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
