import ClusterModel
import Responsibility
import Wording

/// The findings of a cluster as text; the schema number changes when a key changes its meaning.
struct FindingsReport: Encodable {
    let schema = 1
    var cluster: String
    var address: IPAddress
    var findings: [WordedFinding]
    /// What could not be judged, one sentence each.
    var unjudged: [String]

    static let columns = ["cluster", "severity", "code", "node", "buckets", "evidence", "effect", "remedy"]

    /// The report of a snapshot.
    init(_ snapshot: ClusterSnapshot) {
        cluster = snapshot.configuration.name
        address = snapshot.configuration.address
        findings = snapshot.findings.map(WordedFinding.init)
        unjudged = snapshot.unjudgedReception.map { [$0.sentence] } ?? []
    }

    /// The findings in a format, worst first.
    func text(_ format: OutputFormat) throws -> String {
        switch format {
        case .table: table
        case .json: try JSONText.text(self, pretty: true)
        case .ndjson: try findings.map { try JSONText.text($0, pretty: false) }.joined()
        case .csv, .spreadsheet: CSV.line(Self.columns) + findings.map { CSV.line(fields($0), format) }.joined()
        }
    }

    private var table: String {
        let blocks = findings.map { finding in
            """
            \(finding.severity.rawValue) \(finding.code): \(finding.evidence)
              effect: \(finding.effect)
              remedy: \(finding.remedy)\n
            """
        }
        return ([headline] + blocks + unjudged.map { "\($0)\n" }).joined(separator: "\n")
    }

    /// What a monitoring system shows in a line: how many of each severity.
    private var headline: String {
        let counts = Finding.Severity.allCases.reversed().compactMap { severity in
            let count = findings.count { $0.severity == severity }
            return count == 0 ? nil : "\(count) \(severity.rawValue)"
        }
        return "\(cluster) \(address): \(counts.isEmpty ? "nothing found" : counts.joined(separator: ", "))\n"
    }

    private func fields(_ finding: WordedFinding) -> [String] {
        [
            cluster, finding.severity.rawValue, finding.code, finding.node ?? "", finding.buckets.description,
            finding.evidence, finding.effect, finding.remedy,
        ]
    }
}
