extension PlanExecution {
    /// What is added to a plan's id where a node has the same bucket in two states by its hand, one after the other: each state
    /// has an author of its own.
    ///
    /// A plan knows states from samples and asks for authors later. With a guard's mark under the claim's own id, it could
    /// expect what that claim is only about to make; refused then, a late copy of its request would fit afterwards.
    enum Author {
        static let guarding = "-guard"
        static let resetting = "-reset"
        static let settling = "-settled"
        static let givingBack = "-back"

        static let all = [guarding, resetting, settling, givingBack]
    }

    /// The operation that wrote under an id.
    public static func operation(_ author: String) -> String {
        for suffix in Author.all where author.hasSuffix(suffix) {
            return String(author.dropLast(suffix.utf8.count))
        }
        return author
    }
}
