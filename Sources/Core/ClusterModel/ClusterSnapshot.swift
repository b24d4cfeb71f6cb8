/// One whole cluster at one moment: what the console shows and what plans are made from.
public struct ClusterSnapshot: Hashable, Sendable {
    /// The settings most nodes agree on; each node's own are in its sample.
    public var configuration: ClusterConfiguration
    /// The nodes in the order of the cluster file.
    public var nodes: [NodeStatus]
    /// Which buckets have exactly one owner, by the last word of every node that is live or stale.
    public var coverage: Coverage
    /// What is wrong or odd, worst first.
    public var findings: [Finding]
    /// Accepted packets per second of bucket i+1 at index i, summed over nodes, the last 60 samples; empty above 4,096
    /// buckets.
    public var history: [RateHistory]

    /// A snapshot from its parts; the coverage is worked out.
    public init(
        configuration: ClusterConfiguration, nodes: [NodeStatus], findings: [Finding] = [], history: [RateHistory] = []
    ) {
        self.configuration = configuration
        self.nodes = nodes
        self.findings = findings
        self.history = history
        coverage = Coverage(
            bucketCount: configuration.bucketCount,
            ownerships: nodes.map { $0.state == .unreachable ? Ownership() : $0.ownership })
    }

    /// The owner of a bucket; nil for an orphan.
    public func owner(of bucket: Int) -> NodeStatus? { coverage.owner(of: bucket).map { nodes[$0] } }

    /// The members that the nodes' kernels list, or did when they were last heard, and that the cluster file does not have.
    public var unknownMembers: [String] {
        let known = Set(nodes.map(\.name))
        let listed = nodes.flatMap { ($0.sample ?? $0.lost)?.notes.members ?? [] }
        return Set(listed).subtracting(known).sorted()
    }

    /// The operation that put a bucket where it is, by its owner's kernel; nil when that says none.
    public func writer(of bucket: Int) -> OperationRecord? { owner(of: bucket)?.sample?.notes.writer(of: bucket) }

    /// The buckets whose clients are not served, as far as is known: without exactly one owner, or with a critical finding.
    public var unservedBuckets: BucketSet {
        findings.filter { $0.severity == .critical }
            .reduce(coverage.orphans.union(coverage.conflicts)) { $0.union($1.buckets) }
    }

    /// Index of the node of this name.
    public func index(ofNode name: String) -> Int? { nodes.firstIndex { $0.name == name } }
}
