import ClusterModel

/// What the kernel holds under the name of one of our tables, in the families ip and arp.
struct FoundTable {
    /// A chain, without its rules.
    struct FoundChain: Hashable {
        var name: String
        var hook: Chain.Hook?
        /// The policy is accept, or the chain has none.
        var accepts = true
    }

    /// A set, without its elements.
    struct FoundSet: Hashable {
        var comment: String?
        /// The size of a key, in bytes.
        var keyLength: Int
    }

    /// The number of the ip table, which no other has or had; 0 when the kernel gave none.
    var handle: UInt64 = 0
    /// The ip table is there, but its chains are not at their hooks.
    var isDormant = false
    /// The arp table is there, but its chain is not at its hook.
    var arpIsDormant = false
    /// The chains of the ip table.
    var chains: [FoundChain] = []
    /// The rules of the ip table by chain, in order.
    var rules: [String: [RuleText]] = [:]
    /// The sets of the ip table.
    var sets: [String: FoundSet] = [:]
    /// The elements of the ownership sets, with their comments.
    var elements: [String: [Int: String]] = [:]
    /// The comments of the elements of sets of notes, by key.
    var notes: [String: [Int: String]] = [:]
    /// The chains of the arp table.
    var arpChains: [FoundChain] = []
    /// The rules of the arp table by chain.
    var arpRules: [String: [RuleText]] = [:]

    /// What the node does with the buckets; to be *adopted* without being *owned* means nothing to the rules.
    var ownership: Ownership {
        let owned = BucketSet(elements["owned", default: [:]].keys)
        let adopted = BucketSet(elements["adopted", default: [:]].keys).intersection(owned)
        let draining = BucketSet(elements["draining", default: [:]].keys).subtracting(owned)
        return Ownership(owned: owned.subtracting(adopted), draining: draining, adopted: adopted)
    }

    /// Which operation wrote the state of a bucket, or gave the bucket up.
    var operations: [Int: String] {
        var operations = elements["released", default: [:]]
        for set in ["draining", "owned", "adopted"] {
            for (bucket, mark) in elements[set, default: [:]] { operations[bucket] = mark }
        }
        return operations
    }
}
