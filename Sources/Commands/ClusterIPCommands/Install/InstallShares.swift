import ClusterModel

/// Which buckets each node is to get when a cluster is made, as an operator names them.
struct InstallShares {
    /// The buckets of each node that was named.
    private(set) var shares: [String: BucketSet] = [:]

    /// The shares that were given as `NODE=BUCKETS`.
    ///
    /// - Throws: `CommandError` when a node is unknown, or a bucket is given twice.
    init(nodes: [String], total: Int, given: [String]) throws(CommandError) {
        for text in given { try take(text, nodes: nodes, total: total) }
    }

    private mutating func take(_ text: String, nodes: [String], total: Int) throws(CommandError) {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, nodes.contains(parts[0]) else {
            throw CommandError(
                "--own \(text.madeSafe(limit: 80)) is to be NODE=BUCKETS; the nodes are \(nodes.joined(separator: ", "))"
            )
        }
        let buckets: BucketSet
        do throws(BucketSetError) { buckets = try BucketSet(parsing: parts[1], total: total) } catch {
            throw CommandError("--own \(parts[0]): \(error)")
        }
        for (node, share) in shares where !share.intersection(buckets).isEmpty {
            let both = share.intersection(buckets)
            throw CommandError("\(both.named) \(both.count == 1 ? "is" : "are") given to \(node) and to \(parts[0])")
        }
        shares[parts[0], default: []] = buckets
    }
}
