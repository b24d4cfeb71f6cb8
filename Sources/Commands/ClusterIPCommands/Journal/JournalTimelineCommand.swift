import ArgumentParser
import ClusterModel
import Console
import Glibc
import Journal
import Planning
import Wording

/// `clusterip journal timeline`: what consoles saw happen, and what was changed, in order.
struct JournalTimelineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timeline", abstract: "Show what happened: findings, links, moves, rulesets, operations.",
        discussion: """
            A console keeps what it sees while it runs, in a file beside the journal; operations come from the journal. \
            What happened while no console ran is not here.

            Examples:
              clusterip journal timeline --since 12h
              clusterip journal timeline --cluster web --format csv

            \(ExitStatus.help)
            """)

    @Option(help: OutputFormat.help) var format = OutputFormat.table

    @Option(help: ArgumentHelp("Only the cluster of this name.", valueName: "name")) var cluster: String?

    @Option(help: ArgumentHelp("Only so far back, such as 90m, 12h or 7d.", valueName: "time")) var since: String?

    @Option(help: "At most so many, the newest.") var limit: Int?

    @Flag(help: "Show times by local time; csv and JSON always have UTC.") var local = false

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more, not \(limit)") }
        if let since, Self.first(since) == nil {
            throw ValidationError("--since must be a time such as 90m, 12h or 7d, not \(since.madeSafe(limit: 20))")
        }
    }

    func run() throws {
        try CommandIO.run {
            let rows = try rows()
            switch format {
            case .table: CommandIO.print(table(rows))
            case .json: CommandIO.print(try JSONText.text(TimelineReport(events: rows), pretty: true))
            case .ndjson: for row in rows { CommandIO.print(try JSONText.text(row, pretty: false)) }
            case .csv, .spreadsheet:
                CommandIO.print(CSV.line(TimelineRow.columns) + rows.map { CSV.line($0.fields, format) }.joined())
            }
            return .done
        }
    }

    /// Oldest first.
    private func rows() throws(CommandError) -> [TimelineRow] {
        let directory = StatePlace.directory
        let known = StatePlace.clusters(in: directory)
        let wanted = cluster.map { [StatePlace.fileName($0)] } ?? known
        var rows = wanted.flatMap { name in
            TimelineFile.read("\(directory)/timeline-\(name).csv").map { TimelineRow($0, cluster: name) }
        }
        rows += try CommandError.inJournal { journal throws(JournalError) in
            try journal.operations(cluster: cluster, limit: -1)
        }.map(TimelineRow.init)
        rows.sort { ($0.time, $0.what) < ($1.time, $1.what) }
        if let first = since.flatMap(Self.first) { rows.removeAll { $0.time < first } }
        return Array(rows.suffix(limit ?? .max))
    }

    private func table(_ rows: [TimelineRow]) -> String {
        guard !rows.isEmpty else { return "nothing was kept yet: consoles keep what they see while they run\n" }
        let times = LocalTime(isLocal: local)
        let hasClusters = Set(rows.map(\.cluster)).count > 1
        var text = ""
        for row in rows {
            let name = hasClusters ? "\(row.cluster)  " : ""
            text += "\(times.text(row.time))  \(name)\(row.kind): \(row.what)\n"
        }
        return text
    }

    /// The first moment that `--since` lets through, as events write theirs; nil for what is no such time.
    private static func first(_ since: String) -> String? {
        guard let span = TimeSpan(since, limit: longest), span.seconds >= 1 else { return nil }
        return Timestamp.text(timespec(tv_sec: time(nil) - Int(span.seconds), tv_nsec: 0))  // bounded: `longest`
    }

    /// A hundred thousand days, in seconds.
    private static let longest = 8.64e9
}

/// One event as it is printed.
struct TimelineRow: Encodable {
    var time: String
    var cluster: String
    var kind: String
    var severity: String?
    var node: String?
    var buckets: String?
    var what: String

    static let columns = ["time", "cluster", "kind", "severity", "node", "buckets", "what"]

    /// An event that a console saw.
    init(_ record: TimelineRecord, cluster: String) {
        (time, kind, severity) = (record.time, record.kind, record.severity)
        (node, buckets, what) = (record.node, record.buckets, record.what)
        self.cluster = cluster
    }

    /// An operation of the journal.
    init(_ entry: JournalEntry) {
        time = entry.started.prefix(19) + "Z"
        cluster = entry.cluster
        kind = "operation"
        let reason = entry.reason.map { ", \"\($0)\"" } ?? ""
        what = "\(entry.title): \(entry.outcome.word), by \(entry.who.text)\(reason), \(entry.id)"
    }

    /// The fields in the order of `columns`.
    var fields: [String] { [time, cluster, kind, severity ?? "", node ?? "", buckets ?? "", what] }
}

/// What `--format json` prints; the schema number changes when a key changes its meaning.
struct TimelineReport: Encodable {
    let schema = 1
    var events: [TimelineRow]
}
