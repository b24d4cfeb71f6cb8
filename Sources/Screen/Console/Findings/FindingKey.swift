import ClusterModel

/// What makes a finding the same from one snapshot to the next, while its evidence changes.
struct FindingKey: Hashable, Sendable {
    var code: String
    var node: String?
    /// Of findings about the cluster there may be several; their first bucket tells them apart.
    var bucket: Int?

    init(_ finding: Finding) {
        code = finding.code
        node = finding.node
        bucket = finding.node == nil ? finding.buckets.first { _ in true } : nil
    }
}
