import ClusterModel
import Responsibility

/// The cluster as `clusterip status` shows it to people.
struct StatusTable {
    private let snapshot: ClusterSnapshot

    init(_ snapshot: ClusterSnapshot) { self.snapshot = snapshot }

    /// Facts, a line a node, and what is wrong.
    var text: String {
        let configuration = snapshot.configuration
        var text = """
            \(configuration.name)  \(configuration.address)/\(configuration.prefixLength)  \(configuration.mac)  \
            \(configuration.scheme.name)  \(configuration.bucketCount) buckets  \
            seed \(configuration.scheme.seedText)\n
            """
        text += coverageLine + "\n" + nodeTable
        for finding in snapshot.findings {
            text +=
                "\n\(finding.severity.rawValue): \(finding.evidence)\n  effect: \(finding.effect)\n  remedy: \(finding.remedy)\n"
        }
        return text
    }

    private var coverageLine: String {
        let coverage = snapshot.coverage
        if coverage.isWhole { return "every bucket has exactly one owner\n" }
        return [
            coverage.orphans.isEmpty ? nil : "no owner: bucket \(coverage.orphans)",
            coverage.conflicts.isEmpty ? nil : "two or more owners: bucket \(coverage.conflicts)",
        ].compactMap { $0 }.joined(separator: "; ") + "\n"
    }

    private var nodeTable: String {
        var table = TextTable([
            ("NODE", .left), ("STATE", .left), ("DRIVER", .left), ("OWNED", .left), ("DRAINING", .left),
            ("ARRIVED", .right), ("ACCEPTED", .right), ("MAC AND ARP", .left),
        ])
        for node in snapshot.nodes {
            let counters = node.sample?.counters ?? []
            table.add([
                node.name, node.state.rawValue, node.sample?.driver ?? "-", orDash(node.ownership.accepting),
                orDash(node.ownership.draining), String(counters.lazy.map(\.arrived.packets).saturatedSum),
                String(counters.lazy.map(\.accepted.packets).saturatedSum),
                node.sample.map { $0.health.complaint ?? "ok" } ?? node.reason ?? "-",
            ])
        }
        return table.text
    }

    private func orDash(_ buckets: BucketSet) -> String { buckets.isEmpty ? "-" : buckets.description }
}
