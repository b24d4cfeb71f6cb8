import ClusterModel

/// Which buckets each node gets when a cluster is made.
struct InstallShares {
    private var shares: [String: BucketSet] = [:]

    /// Even shares in the order of the nodes, or those given as `NODE=BUCKETS`.
    ///
    /// - Throws: `CommandError` when a node is unknown, or a bucket is given twice.
    init(nodes: [String], total: Int, given: [String]) throws(CommandError) {
        if given.isEmpty {
            for (index, node) in nodes.enumerated() {
                let (before, last) = (index * total / nodes.count, (index + 1) * total / nodes.count)
                shares[node] = BucketSet((before..<last).map { $0 + 1 })
            }
        }
        for text in given { try take(text, nodes: nodes, total: total) }
    }

    /// The node that gets a bucket; nil when none does.
    func owner(of bucket: Int) -> String? { shares.first { $0.value.contains(bucket) }?.key }

    /// The buckets of a node.
    func buckets(of node: String) -> BucketSet { shares[node] ?? [] }

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
            throw CommandError("bucket \(share.intersection(buckets)) is given to \(node) and to \(parts[0])")
        }
        shares[parts[0], default: []] = buckets
    }
}
