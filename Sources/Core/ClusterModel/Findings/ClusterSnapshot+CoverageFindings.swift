extension ClusterSnapshot {
    /// Buckets without exactly one owner, and all buckets on one node.
    var coverageFindings: [Finding] { orphanFindings + conflictFindings + loneOwnerFindings }

    /// The buckets that nobody answers and that a node out of reach answered when it was last heard.
    func unserved(of node: NodeStatus) -> BucketSet {
        node.state == .unreachable ? node.ownership.accepting.intersection(coverage.orphans) : []
    }

    /// Buckets that nobody answers, and of which no node out of reach is known to have had them.
    var orphans: BucketSet { nodes.reduce(coverage.orphans) { $0.subtracting(unserved(of: $1)) } }

    /// Nodes of which nothing was ever heard.
    private var unheard: [NodeStatus] {
        nodes.filter { $0.sample == nil && ($0.state == .unreachable || $0.state == .connecting) }
    }

    private var orphanFindings: [Finding] {
        guard !orphans.isEmpty else { return [] }
        let unheard = unheard
        guard !unheard.isEmpty else {
            return [
                Finding(
                    code: "orphan", severity: .critical, buckets: orphans,
                    evidence: "no node answers bucket \(orphans.summary)\(changers(nodes))",
                    effect: "clients in these buckets get no answer",
                    remedy: isWithoutTables ? installCommand : orphanRemedy)
            ]
        }
        let names = unheard.map(\.name).joined(separator: ", ")
        let lost = unheard.first { $0.state == .unreachable }
        return [
            Finding(
                code: "orphan", severity: lost == nil ? .warning : .critical, buckets: orphans,
                evidence: "no node that was heard answers bucket \(orphans.summary); \(names) was never heard",
                effect: "if \(names) is dead, clients in these buckets get no answer",
                remedy: lost.map { "if \($0.name) is dead: clusterip takeover \($0.name)" }
                    ?? "none yet: \(names) is being connected to")
        ]
    }

    /// Nodes that lost their tables come first: what ends that is the same, in the same order, wherever it is printed.
    var orphanRemedy: String {
        let bare = nodes.filter { $0.isBare && $0.state == .live }.map { "clusterip reinstall \($0.name)" }
        return (bare + ["clusterip repair"]).joined(separator: ", then: ")
    }

    /// What ends a conflict: a node whose sets contradict themselves is rebuilt, and then answers only what nobody else does.
    private func conflictRemedy(_ owners: [Int]) -> String {
        let altered = owners.map { nodes[$0] }.first { $0.sample?.alterations.isEmpty == false }
        return altered.map { "clusterip reinstall \($0.name)" } ?? "clusterip repair"
    }

    /// One finding for each set of owners, since many buckets have the same.
    private var conflictFindings: [Finding] {
        var buckets: [[Int]: BucketSet] = [:]
        for bucket in coverage.conflicts {
            let owners = nodes.indices.filter {
                nodes[$0].state != .unreachable && nodes[$0].ownership.state(of: bucket)?.acceptsNewFlows == true
            }
            buckets[owners, default: []].insert(bucket)
        }
        return buckets.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { owners, buckets in
            Finding(
                code: "conflict", severity: .critical, buckets: buckets,
                evidence: "bucket \(buckets.summary) is answered by "
                    + owners.map { nodes[$0].name }.joined(separator: " and ") + changers(owners.map { nodes[$0] }),
                effect: "new connections of its clients break: two nodes answer each packet",
                remedy: conflictRemedy(owners))
        }
    }

    private var loneOwnerFindings: [Finding] {
        let members = nodes.filter { $0.state == .live && $0.sample != nil }
        guard members.count > 1, configuration.bucketCount > 1, coverage.isWhole, let owner = coverage.owners.first,
            let owner, coverage.owners.allSatisfy({ $0 == owner })
        else { return [] }
        return [
            Finding(
                code: "one_node", severity: .warning, node: nodes[owner].name,
                buckets: nodes[owner].ownership.accepting,
                evidence: "\(nodes[owner].name) answers all \(configuration.bucketCount) buckets, the other nodes none",
                effect: "none now; if \(nodes[owner].name) fails, no client gets an answer",
                remedy: "clusterip rebalance")
        ]
    }
}
