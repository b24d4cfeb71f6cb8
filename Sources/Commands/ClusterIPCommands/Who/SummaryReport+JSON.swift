import Capture
import Responsibility

extension SummaryReport {
    private struct Document: Encodable {
        let schema = 1
        var ending: String
        var scheme: String
        var unit: String
        var destination: IPAddress?
        var total: Count
        var flows: Flows
        var apart: [String: UInt64]
        var unplaced: [String: UInt64]
        var buckets: [Row]
        var nodes: [NodeRow]
        var uneven: [Uneven]
        var heavySources: Heavy
        var comparison: Comparison?
    }

    private struct Count: Encodable {
        var records: UInt64
        var flows: UInt64
        var packets: UInt64
        var bytes: UInt64

        init(_ count: BucketCount) {
            (records, flows, packets, bytes) = (count.records, count.flows, count.packets, count.bytes)
        }
    }

    private struct Flows: Encodable {
        var distinct: UInt64
        var exact: Bool
        var standardError: Double
    }

    private struct Row: Encodable {
        var bucket: Int
        var owner: String?
        var records: UInt64
        var flows: UInt64
        var packets: UInt64
        var bytes: UInt64
    }

    private struct NodeRow: Encodable {
        var node: String
        var buckets: Int
        var count: Count
    }

    private struct Uneven: Encodable {
        var bucket: Int
        var timesMean: Double
    }

    private struct Heavy: Encodable {
        struct Source: Encodable {
            var source: String
            var atLeast: UInt64
            var atMost: UInt64
        }
        var slack: UInt64
        var sources: [Source]
    }

    /// The whole as one JSON document, or a line for each bucket.
    func json(lines: Bool) throws -> String {
        let rows = buckets.map { bucket in
            Row(
                bucket: bucket.number, owner: bucket.owner, records: bucket.count.records, flows: bucket.count.flows,
                packets: bucket.count.packets, bytes: bucket.count.bytes)
        }
        if lines { return try rows.map { try JSONText.text($0, pretty: false) }.joined() }
        let slack = sources.slack
        let document = Document(
            ending: ending.word, scheme: scheme.text, unit: unit, destination: destination, total: Count(total),
            flows: Flows(
                distinct: distinct.count, exact: distinct.isExact,
                standardError: distinct.variance(of: distinct.count).squareRoot()),
            apart: Dictionary(apart, uniquingKeysWith: +), unplaced: unplaced, buckets: rows,
            nodes: nodes.map { NodeRow(node: $0.name, buckets: $0.buckets, count: Count($0.count)) },
            uneven: uneven(5).map { Uneven(bucket: $0.number, timesMean: unevenness(of: $0)) },
            heavySources: Heavy(
                slack: slack,
                sources: sources.top(10).map {
                    .init(source: "\($0.source)", atLeast: $0.count, atMost: $0.count + slack)
                }),
            comparison: comparison)
        return try JSONText.text(document, pretty: true)
    }

    /// What was counted apart, by name; everything that is not 0.
    var apart: [(String, UInt64)] {
        var apart: [(String, UInt64)] = []
        if let capture {
            apart = [
                ("first_fragments", capture.firstFragments), ("later_fragments", capture.laterFragments),
                ("later_fragment_bytes", capture.laterFragmentBytes), ("truncated", capture.truncated),
                ("not_ip", capture.notIP), ("malformed", capture.malformed),
                ("other_destination", capture.otherDestination),
            ]
        }
        if let lines {
            apart += [
                ("other_destination", UInt64(lines.otherDestination)), ("bad_lines", UInt64(lines.bad)),
            ]
            apart += SkippedLine.allCases.map { ("skipped_" + $0.rawValue, UInt64(lines.skipped[$0] ?? 0)) }
        }
        return apart.filter { $0.1 > 0 }.map { ($0.0.map { $0 == "-" ? "_" : String($0) }.joined(), $0.1) }
    }
}
