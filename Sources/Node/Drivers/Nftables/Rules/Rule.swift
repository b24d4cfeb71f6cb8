/// A rule of one of our chains.
struct Rule: Hashable {
    /// What the rule is for: nft shows it as the rule's comment, and no two rules of a chain have the same.
    var comment: String
    /// Its steps, in order.
    var expressions: [Expression]
}
