import ClusterModel
import Responsibility
import Wording

/// The cluster as `clusterip status` shows it to people.
struct StatusTable {
    private let snapshot: ClusterSnapshot

    init(_ snapshot: ClusterSnapshot) { self.snapshot = snapshot }

    /// Facts, a line a node, and what is wrong.
    var text: String {
        let configuration = snapshot.configuration
        var text = """
            \(configuration.name)  \(configuration.address)/\(configuration.prefixLength)  \(configuration.mac.text)  \
            \(configuration.scheme.name)  \(configuration.bucketCount) buckets  \
            seed \(configuration.scheme.seedText)\n
            """
        text += coverageLine + "\n" + nodeTable
        for finding in snapshot.findings {
            text +=
                "\n\(finding.severity.rawValue): \(finding.evidence)\n  effect: \(finding.effect)\n  remedy: \(finding.remedy.sentence)\n"
        }
        return text
    }

    private var coverageLine: String {
        let coverage = snapshot.coverage
        let unserved = snapshot.unservedBuckets
        if coverage.isWhole {
            return unserved.isEmpty
                ? "every bucket has exactly one owner\n"
                : "every bucket has exactly one owner, and clients of \(unserved.named) are not served\n"
        }
        return [
            coverage.orphans.isEmpty ? nil : "no owner: \(coverage.orphans.named)",
            coverage.conflicts.isEmpty ? nil : "two or more owners: \(coverage.conflicts.named)",
        ].compactMap { $0 }.joined(separator: "; ") + "\n"
    }

    private var nodeTable: String {
        let facts = NodeFact.all.filter { $0.heading != nil }
        var table = TextTable(
            [("NODE", .left), ("STATE", .left)] + facts.map { ($0.heading ?? "", .left) } + [
                ("OWNED", .left), ("DRAINING", .left), ("ARRIVED", .right), ("ACCEPTED", .right),
                ("MAC AND ARP", .left),
            ])
        let cluster = snapshot.configuration
        for node in snapshot.nodes {
            let counters = node.sample?.counters ?? []
            table.add(
                [node.name, node.state.rawValue] + facts.map { $0.cell(node, in: cluster) } + [
                    orDash(node.ownership.accepting), orDash(node.ownership.draining),
                    counters.packets(.arrived).map(String.init) ?? "-",
                    counters.packets(.accepted).map(String.init) ?? "-",
                    node.sample.map { $0.health.complaint ?? "ok" } ?? node.silence(cluster.address) ?? "-",
                ])
        }
        return table.text + snapshot.nodes.flatMap { node in limits(node).map { "\(node.name): \($0)\n" } }.joined()
    }

    /// What a node's driver or agent cannot do.
    private func limits(_ node: NodeStatus) -> [String] {
        let lacks = NodeFact.all.filter { $0.group == .driver }.flatMap { fact in
            fact.read(node, snapshot.configuration).map { "\(fact.title) \($0.text)" }
        }
        return lacks + (snapshot.peerArrivals(of: node).map { [$0.sentence] } ?? [])
    }

    private func orDash(_ buckets: BucketSet) -> String { buckets.isEmpty ? "-" : buckets.description }
}
