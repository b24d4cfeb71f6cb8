import ClusterModel

/// What the screens show of one node, worked out once a snapshot.
struct NodeFacts: Hashable, Sendable {
    /// The sum of all buckets' rates.
    var rates = BucketRates()
    /// Buckets whose new flows the node answers.
    var accepting = BucketSet()
    /// How many those are.
    var acceptingCount = 0
    /// How many buckets the node drains.
    var drainingCount = 0

    init() {}

    init(_ node: NodeStatus) {
        let ownership = node.ownership
        accepting = ownership.adopted.isEmpty ? ownership.owned : ownership.accepting
        acceptingCount = accepting.count
        drainingCount = ownership.draining.count
    }
}
