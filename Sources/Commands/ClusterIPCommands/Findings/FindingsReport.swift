import ClusterModel
import Responsibility

/// The findings of a cluster as text; the schema number changes when a key changes its meaning.
struct FindingsReport: Encodable {
    let schema = 1
    var cluster: String
    var address: IPv4Address
    var findings: [Finding]

    static let columns = ["cluster", "severity", "code", "node", "buckets", "evidence", "effect", "remedy"]

    /// The report of a snapshot.
    init(_ snapshot: ClusterSnapshot) {
        cluster = snapshot.configuration.name
        address = snapshot.configuration.address
        findings = snapshot.findings
    }

    /// The findings in a format, worst first.
    func text(_ format: OutputFormat) throws -> String {
        switch format {
        case .table: table
        case .json: try JSONText.text(self, pretty: true)
        case .ndjson: try findings.map { try JSONText.text($0, pretty: false) }.joined()
        case .csv: CSV.line(Self.columns) + findings.map { CSV.line(fields($0)) }.joined()
        }
    }

    private var table: String {
        guard !findings.isEmpty else { return "\(cluster) \(address): nothing found\n" }
        return findings.map { finding in
            """
            \(finding.severity.rawValue) \(finding.code): \(finding.evidence)
              effect: \(finding.effect)
              remedy: \(finding.remedy)\n
            """
        }.joined(separator: "\n")
    }

    private func fields(_ finding: Finding) -> [String] {
        [
            cluster, finding.severity.rawValue, finding.code, finding.node ?? "", finding.buckets.description,
            finding.evidence, finding.effect, finding.remedy,
        ]
    }
}
