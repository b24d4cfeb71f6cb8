import CNetfilter

/// A chain of one of our tables, with its rules.
struct Chain: Hashable {
    /// The chain's name.
    var name: String
    /// Where the kernel calls it; nil for a chain that only other chains lead to.
    var hook: Hook?
    /// Its rules, in order.
    var rules: [Rule]

    /// Where the kernel calls a base chain of type filter; the policy is always accept.
    struct Hook: Hashable {
        /// The hook's number within its family.
        var number: UInt32
        /// The order among the chains of the hook, lower first.
        var priority: Int32
    }
}
