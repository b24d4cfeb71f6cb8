import Lab
import Responsibility

/// `lab status` for people.
struct LabStatusTable {
    private let status: LabStatus

    init(_ status: LabStatus) { self.status = status }

    /// The whole text, newline at the end.
    var text: String { (head + nodes + traffic).joined(separator: "\n") + "\n" }

    private var head: [String] {
        let options = status.options
        return [
            "cluster file  \(status.clusterFile)", "supervisor    \(status.supervisor)",
            "placement     \(options.hashMode.rawValue), \(options.buckets) buckets, seed \(options.hashInit)",
            "client        \(status.clientIsAlive ? "alive" : "dead")", "",
        ]
    }

    private var nodes: [String] {
        let rows = status.nodes.map {
            [
                $0.name, $0.isAlive ? "alive" : "dead", "\($0.pid)", "\($0.service.connections)",
                "\($0.service.accepted)", "\($0.service.datagrams)",
            ]
        }
        return Self.table([["node", "state", "pid", "open", "accepted", "datagrams"]] + rows, leading: 2)
    }

    private var traffic: [String] {
        guard let traffic = status.traffic else { return ["", "no traffic of its own"] }
        let rows = [("udp", traffic.udp), ("tcp", traffic.tcp)].flatMap { name, pair in
            [(name, pair.total), ("\(name), last s", pair.lastSecond)].map { label, counts in
                [label]
                    + [counts.sent, counts.once, counts.twice, counts.unanswered, counts.resets, counts.wrong].map(
                        String.init)
            }
        }
        let head = ["traffic", "sent", "once", "twice", "not at all", "resets", "wrong"]
        return [""] + Self.table([head] + rows, leading: 1)
    }

    /// Columns padded to their widest cell: the leading ones to the left, numbers to the right.
    private static func table(_ rows: [[String]], leading: Int) -> [String] {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            row.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - row[column].count)
                return column < leading ? row[column] + padding : padding + row[column]
            }.joined(separator: "  ")
        }
    }
}
