import ClusterModel

extension Plan {
    /// The nodes whose connections a graceful plan leaves to end by themselves, each with the buckets that begin to drain.
    ///
    /// What drains there since an earlier plan is not this plan's: it neither waits for it nor resets it.
    public var drains: [String: BucketSet] {
        if let closing { return closing.mapValues(\.draining).filter { !$0.value.isEmpty } }
        guard mode == .graceful else { return [:] }
        return MoveSteps(self).releases.reduce(into: [:]) { $0[$1.node] = $1.buckets }
    }

    /// The risks of resetting, after a wait, what has not ended by then; the time in words.
    public func deadlineRisks(_ time: String) -> [Risk] {
        drains.sorted { $0.key < $1.key }.map { node, buckets in
            Risk(
                name: "connections-reset",
                text: "connections that \(node) still keeps in \(buckets.summary) after \(time) are reset",
                mustBeForced: true, node: node)
        }
    }
}
